import Events
import Messaging
import Redis

extension DeadLetters {
    /// What becomes of a dead letter.
    package enum Action: String, Sendable {
        /// It goes back to the retries of the group that gave it up, and of no other, as it is and with its first attempt ahead.
        case replay
        case drop
    }

    /// How many letters an action has met.
    package struct Tally: Sendable, Hashable {
        /// They are no dead letters any more.
        package var taken = 0
        /// They stay, because they cannot be replayed: their stream is not one that the group reads.
        package var foreign = 0

        package init() {}
    }

    private static let batchSize = 200

    /// Acts on one letter, atomically. A tally of zeros says that there is none of this id (any more).
    package func apply(_ action: Action, to id: ID) async throws -> Tally {
        guard isPlace(id) else { return Tally() }
        let entry = id.entry.description
        return try await exhume(action, nil, (id.group, id.partition), from: entry, through: entry, limit: 1, lane: 0).tally
    }

    /// Acts on all letters that are there now, the oldest first, in batches each of which is atomic. What dies meanwhile stays.
    /// What follows from so many replays travels in the last lane, so that it delays nobody.
    ///
    /// - Parameter report: is told the tally so far after each batch.
    package func applyToAll(
        _ action: Action, _ filter: Filter = Filter(), report: (Tally) -> Void = { _ in }
    ) async throws -> Tally {
        var tally = Tally()
        for place in places(filter.group) {
            guard let newest = try await newestEntry(place) else { continue }
            var position = "-"
            while case let batch = try await exhume(
                action, filter.reason, place, from: position, through: newest, limit: Self.batchSize, lane: .max),
                !batch.last.isEmpty
            {
                position = "(\(batch.last)"
                tally.taken += batch.tally.taken
                tally.foreign += batch.tally.foreign
                report(tally)
            }
        }
        return tally
    }

    private func newestEntry(_ place: (group: Group, partition: Int)) async throws -> String? {
        let command = ["XREVRANGE", Self.key(place.group, place.partition), "+", "-", "COUNT", "1"]
        return try await bus.client.send(command).array?.first?.array?.first?.string
    }

    private func exhume(
        _ action: Action, _ reason: DeadReason?, _ place: (group: Group, partition: Int), from first: String,
        through last: String, limit: Int, lane: Int
    ) async throws -> (tally: Tally, last: String) {
        let read = streams.filter { $0.groups.contains(place.group) }
        let targets = read.flatMap { [$0.name, Source.retryKey($0, place.partition, place.group)] }
        let lane = min(lane, (read.map(\.lanes).max() ?? 1) - 1)
        let arguments = [action.rawValue, reason?.rawValue ?? "", first, last, String(limit), String(lane)] + targets
        let reply = try await bus.runner.run(.exhume, keys: [Self.key(place.group, place.partition)], arguments).array ?? []
        guard reply.count == 3 else { throw BusError("unexpected answer of the exhume script") }
        var tally = Tally()
        tally.taken = reply[0].integer ?? 0
        tally.foreign = reply[1].integer ?? 0
        return (tally, reply[2].string ?? "")
    }
}
