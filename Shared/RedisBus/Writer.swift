import Messaging
import Redis

/// Sends commits and settlements, many to one run of the settle script, a line of batches for each partition.
final class Writer: Sendable {
    private let groups: Groups
    private let batchers: [Batcher<SettleItem, SettleResult>]

    init(_ runner: ScriptRunner, _ groups: Groups, partitions: Int) {
        self.groups = groups
        batchers = (0..<partitions).map { partition in
            Batcher(limit: 256) { items in await Self.send(items, partition, runner) }
        }
    }

    func apply(_ item: SettleItem) async throws(BusError) -> SettleResult {
        guard batchers.indices.contains(item.partition) else { throw BusError("no partition \(item.partition)") }
        try await groups.ensure(item.targets)
        return try await batchers[item.partition].submit(item)
    }

    private static func send(
        _ items: [SettleItem], _ partition: Int, _ runner: ScriptRunner
    ) async -> Result<[Result<SettleResult, BusError>], BusError> {
        let batch = SettleBatch(items)
        do throws(BusError) {
            let reply = try await runner.run(.settle, keys: [RedisKeys.delayed(partition)], batch.arguments)
            guard let answers = batch.inOrder((reply.array ?? []).map(result)) else { throw BusError("answers are missing") }
            return .success(answers)
        } catch { return .failure(error) }
    }

    private static func result(_ reply: RedisValue) -> Result<SettleResult, BusError> {
        switch reply {
        case .integer(0): .success(.settled)
        case .integer(1): .success(.lostOwnership)
        case .integer(2): .success(.conflict)
        default: .failure(failure(reply.string ?? "unexpected answer of the settle script"))
        }
    }

    /// A key of another type, a value that Redis cannot take, a mistake in the script: no repetition helps. Everything else
    /// (no memory, a replica, a disk that is full, a right that the operator has yet to grant) passes.
    private static func failure(_ text: String) -> BusError {
        let isRight = text.contains("The user executing the script")
        return BusError(text, isRefusal: !isRight && ["WRONGTYPE", "ERR", "user_script"].contains { text.hasPrefix($0) })
    }
}
