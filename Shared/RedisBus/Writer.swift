import Messaging
import Redis

/// Sends commits and settlements, many to one run of the settle script.
final class Writer: Sendable {
    typealias Answer = Result<SettleResult, BusError>

    private struct Waiting {
        let item: SettleItem
        let continuation: CheckedContinuation<Answer, Never>
    }

    /// More items than this would keep Redis from others for too long.
    static let batchLimit = 256
    private let runner: ScriptRunner
    private let groups: Groups
    /// Commits, a line of batches for each partition.
    private let batchers: [Batcher<Waiting>]

    init(_ runner: ScriptRunner, _ groups: Groups, partitions: Int) {
        self.runner = runner
        self.groups = groups
        batchers = (0..<partitions).map { _ in
            Batcher(limit: Self.batchLimit) { batch in
                let answers = await Self.send(batch.map(\.item), runner)
                for (waiting, answer) in zip(batch, answers) { waiting.continuation.resume(returning: answer) }
            }
        }
    }

    func commit(_ commit: Commit, partition: Int) async throws(BusError) -> SettleResult {
        if commit.changes.isEmpty, commit.outputs.count == 1 {
            return try await publish(commit.outputs[0], partition, lane: commit.lane ?? 0)
        }
        let item = try SettleItem(commit, partition: partition)
        try await groups.ensure(item.targets)
        return try await withCheckedContinuation { batchers[partition].add(Waiting(item: item, continuation: $0)) }.get()
    }

    /// - Returns: an answer for each item, in order.
    func settle(_ items: [SettleItem]) async -> [Answer] {
        var answers: [Answer?] = []
        for item in items {
            do throws(BusError) {
                try await groups.ensure(item.targets)
                answers.append(nil)
            } catch { answers.append(.failure(error)) }
        }
        let open = items.indices.filter { answers[$0] == nil }
        for start in stride(from: 0, to: open.count, by: Self.batchLimit) {
            let batch = open[start..<min(start + Self.batchLimit, open.count)]
            for (index, answer) in zip(batch, await Self.send(batch.map { items[$0] }, runner)) { answers[index] = answer }
        }
        return answers.map { $0 ?? .failure(BusError("no answer")) }
    }

    /// One event and nothing else needs no script.
    private func publish(_ output: Output, _ partition: Int, lane: Int) async throws(BusError) -> SettleResult {
        let target = Source.main(output.stream, partition, lane: lane)
        try await groups.ensure([target])
        var fields = RedisArguments(capacity: output.payload.utf8.count + 32)
        fields += [output.payload, "attempt", "1"]
        let limit = output.stream.newest.map { ["MAXLEN", "~", String($0)] } ?? []
        let command = RedisCommand(["XADD", target.key] + limit + ["*", "event"], fields)
        let replies: [RedisValue]
        do { replies = try await runner.client.pipeline([command]) } catch { throw BusError(error.description) }
        if let error = replies.first?.error { throw Self.failure(error) }
        return .settled
    }

    private static func send(_ items: [SettleItem], _ runner: ScriptRunner) async -> [Answer] {
        let batches = SettleBatch.each(items)
        let calls = batches.map { ScriptRunner.Call(keys: [RedisKeys.delayed($0.partition)], arguments: $0.arguments) }
        var answers = [Answer](repeating: .failure(BusError("answers are missing")), count: items.count)
        do throws(BusError) {
            for (batch, reply) in zip(batches, try await runner.results(of: .settle, calls)) {
                batch.place(reply.map { ($0.array ?? []).map(result) }, in: &answers)
            }
        } catch { answers = items.map { _ in .failure(error) } }
        return answers
    }

    private static func result(_ reply: RedisValue) -> Answer {
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
