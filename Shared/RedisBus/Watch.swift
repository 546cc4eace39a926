import Messaging
import Redis
import Synchronization

/// Waits in a cluster until a stream has something new: a node answers only for one slot at a time, so each partition has a
/// connection and a read of its own, which stays when another partition has something. They are plain `XREAD`s, which own
/// nothing: so they may be interrupted at any moment.
final class Watch: Sendable {
    typealias Positions = [(key: String, id: String)]

    private let client: RedisClient
    private let name: String
    private let alarm = Alarm()
    private let partitions = Mutex<[Int: PartitionWatch]>([:])

    /// - Parameter client: knows the cluster; its connections are left alone.
    init(_ client: RedisClient, name: String) {
        self.client = client
        self.name = name
    }

    /// Without a cluster, one command can wait for all.
    var isNeeded: Bool {
        get async throws(BusError) {
            do { return try await client.isCluster } catch { throw BusError(error.description) }
        }
    }

    /// Returns when a stream has an entry behind its position, when so many milliseconds are over, or when it is cancelled.
    func wait(_ positions: Positions, atMost longest: Int) async throws(BusError) {
        for (slot, positions) in Dictionary(grouping: positions, by: { HashSlot.of($0.key) }) {
            partition(slot).watch(positions, longest)
        }
        await alarm.sleep(for: .milliseconds(longest))
    }

    func close() async {
        let all = partitions.withLock { partitions in
            defer { partitions = [:] }
            return Array(partitions.values)
        }
        for partition in all { await partition.close() }
    }

    private func partition(_ slot: Int) -> PartitionWatch {
        partitions.withLock { partitions in
            let partition = partitions[slot] ?? PartitionWatch(client.sibling("\(name)-\(slot)"), alarm)
            partitions[slot] = partition
            return partition
        }
    }

    static func command(_ positions: Positions, _ milliseconds: Int) -> RedisCommand {
        let words = ["XREAD", "COUNT", "1", "BLOCK", "\(milliseconds)", "STREAMS"]
        return RedisCommand(words + positions.map(\.key) + positions.map(\.id))
    }
}

/// Watches the streams of one partition until one has something new, then rests until it is asked again.
private final class PartitionWatch: Sendable {
    private struct State {
        var positions: Watch.Positions = []
        var task: Task<Void, Never>?
    }

    private let client: RedisClient
    private let alarm: Alarm
    private let state = Mutex(State())

    init(_ client: RedisClient, _ alarm: Alarm) {
        self.client = client
        self.alarm = alarm
    }

    deinit { state.withLock { $0.task?.cancel() } }

    func watch(_ positions: Watch.Positions, _ longest: Int) {
        state.withLock { state in
            state.positions = positions
            guard state.task == nil else { return }
            state.task = Task { [weak self] in
                while let isDone = await self?.read(longest), !isDone, !Task.isCancelled {}
            }
        }
    }

    func close() async {
        state.withLock { $0.task?.cancel() }
        await client.close()
    }

    /// - Returns: whether there was something.
    private func read(_ longest: Int) async -> Bool {
        do {
            let command = Watch.command(state.withLock(\.positions), longest)
            guard try await client.pipeline([command]).first?.array != nil else { return false }
        } catch {
            // The node is away: whoever reads the others learns of it there.
            try? await Task.sleep(for: .milliseconds(200))
            return false
        }
        state.withLock { $0.task = nil }
        alarm.set(.now)
        return true
    }
}
