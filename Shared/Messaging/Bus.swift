package import Events

/// A bus of streams and consumer groups with keyed state beside them.
///
/// Promises, held by every implementation and checked by `BusConformance`:
/// * **At least once**: an entry is delivered to each group until it is settled by the consumer that owns it.
/// * **Effects once**: `commit` and `settle` apply their changes, outputs and acknowledgement together or not at all.
///   A consumer that lost an entry changes nothing.
/// * An entry that cannot be decoded, or whose consumers crash on it, ends in the dead letters and never blocks others.
///   What was with it in a crashed consumer is not put together with it again: of the entries whose consumers vanished, a
///   consumer gets one at a time.
/// * Lanes of one stream do not wait for each other: the first gets half of the turns, the next half of the rest, and so on.
/// * An entry is removed only when every group of the contract has acknowledged it.
package protocol Bus: Sendable {
    /// Applies changes and outputs together. Safe to repeat after an error when it carries a change with an expected version.
    func commit(_ commit: Commit) async throws(BusError) -> CommitResult

    /// Joins a group. Groups that do not exist are created from the beginning of their stream.
    /// - Parameter streams: what the group reads; each comes with its retry stream.
    func subscribe(_ group: Group, to streams: [Stream]) async throws(BusError) -> any Subscription
}

/// One consumer's membership in a group. Its methods may be called from many tasks at once.
package protocol Subscription: Sendable {
    /// New, retried and reclaimed entries: at most `limit`, as soon as there is one; empty after about a second without. To be
    /// called by one task at a time.
    func receive(limit: Int) async throws(BusError) -> [Delivery]

    /// Ends deliveries, each completely or not at all. When the answer is `.conflict`, nothing changed and the entry is still
    /// owned: decide again. After an error it may or may not have been applied; repeating it is safe. After a refusal nothing
    /// was applied.
    /// - Returns: an answer for each, in order.
    func settle(_ endings: [(delivery: Delivery, settlement: Settlement)]) async -> [Result<SettleResult, BusError>]

    /// Keeps deliveries from being reclaimed for another visibility timeout; false for each that this consumer has lost.
    func heartbeat(_ deliveries: [Delivery]) async throws(BusError) -> [Bool]

    /// Hands entries back at once, to be received by any consumer of the group without counting as a failure.
    func release(_ deliveries: [Delivery]) async throws(BusError)

    /// Leaves the group; what is still pending stays pending and is reclaimed by others.
    func close() async

    /// Where the answers of `receive` and of `settle` arrive: a task that runs there gets them without a change of threads.
    var executors: (receive: (any TaskExecutor)?, settle: (any TaskExecutor)?) { get }
}

extension Subscription {
    package var executors: (receive: (any TaskExecutor)?, settle: (any TaskExecutor)?) { (nil, nil) }

    /// Ends one delivery.
    package func settle(_ delivery: Delivery, _ settlement: Settlement) async throws(BusError) -> SettleResult {
        guard let answer = await settle([(delivery, settlement)]).first else { throw BusError("no answer") }
        return try answer.get()
    }
}

/// One entry as it was handed to this consumer. (A class, because it is passed on more often than anything else.)
package final class Delivery: Sendable {
    /// What the bus needs to find the entry again; opaque to everybody else.
    package struct ID: Sendable, Hashable {
        package let partition: Int
        /// The stream or retry stream that holds the entry.
        package let source: String
        package let entry: String

        /// The entry's name tells all but a few apart.
        package func hash(into hasher: inout Hasher) { hasher.combine(entry) }

        package init(partition: Int, source: String, entry: String) {
            self.partition = partition
            self.source = source
            self.entry = entry
        }
    }

    package let id: ID
    package let group: Group
    package let stream: Stream
    /// The envelope's JSON; it may be anything at all.
    package let payload: String
    /// 1 on the first try; it rises with every retry that a handler asked for.
    package let attempt: Int
    /// How often it was put off because it had to wait for something, which uses up no attempt.
    package let waits: Int
    /// How often the entry was handed out without an outcome, this time included.
    package let deliveries: Int
    /// The lane of its stream; what is published for it travels in the same one.
    package let lane: Int

    package init(
        id: ID, group: Group, stream: Stream, payload: String, attempt: Int, waits: Int = 0, deliveries: Int, lane: Int = 0
    ) {
        self.id = id
        self.group = group
        self.stream = stream
        self.payload = payload
        self.attempt = attempt
        self.waits = waits
        self.deliveries = deliveries
        self.lane = lane
    }
}

/// How a delivery ends.
package enum Settlement: Sendable {
    case done(Commit)
    /// Deliver it again after a delay, with `attempt` one higher.
    case retry(after: Duration, reason: String)
    /// The same with `waits` one higher; the commit tells others that it waits.
    case wait(after: Duration, reason: String, Commit)
    /// Keep it as a dead letter; the commit tells others that it was given up.
    case reject(DeadReason, detail: String, Commit)
}

/// Why an entry is in the dead letters.
package enum DeadReason: String, Sendable, CaseIterable {
    case malformed
    case unknownType = "unknown-type"
    case permanent
    case attemptsExhausted = "attempts-exhausted"
    case crashedWorker = "crashed-worker"
}

package enum SettleResult: Sendable, Hashable { case settled, lostOwnership, conflict }
package enum CommitResult: Sendable, Hashable { case committed, conflict }

/// The bus could not be reached, or refused.
package struct BusError: Error, Sendable, CustomStringConvertible {
    package let description: String
    /// It is refused for good: repeating it cannot help.
    package let isRefusal: Bool

    package init(_ description: String, isRefusal: Bool = false) {
        self.description = description
        self.isRefusal = isRefusal
    }
}
