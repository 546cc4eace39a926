internal import FoundationEssentials
internal import Glibc
internal import Synchronization

/// Runs one kind of work in processes of their own, started from this very executable, shut in and watched: strangers' files may
/// break such a process, never the service.
///
/// The executable's `main.swift` calls `workIfAsked` with the same mode before anything else.
package struct Worker: Sendable {
    private let mode: String
    private let executable: String

    /// - Parameter executable: for tests; else this process's own.
    package init(_ mode: String, executable: String = "/proc/self/exe") {
        self.mode = mode
        self.executable = executable
    }

    /// Starts a worker, hands it `job`, and waits for its end.
    ///
    /// A cancelled task kills it.
    /// - Parameters:
    ///   - parent: for tests; the worker ends with this process.
    ///   - hear: called for each message in its order, on the thread that watches the worker.
    /// - Throws: `WorkerError`; `CancellationError`.
    package func run<Message: Decodable & Sendable>(
        _ job: some Encodable & Sendable, files: WorkerFiles, limits: WorkerLimits, parent: Int32 = getpid(),
        hear: @escaping @Sendable (Message) -> Void
    ) async throws {
        try await run(WorkerOrder(job: try JSONEncoder().encode(job), files: files, limits: limits, parent: parent), hear)
    }

    private func run<Message: Decodable & Sendable>(
        _ order: WorkerOrder, _ hear: @escaping @Sendable (Message) -> Void
    ) async throws {
        let limits = order.limits
        let input = [UInt8](try JSONEncoder().encode(order))
        let process = WorkerProcess(limits)
        let result: Result<Void, WorkerError> = await withTaskCancellationHandler {
            await process.run([executable, WorkerOrder.flag, mode], input) { line throws(WorkerError) in
                do { hear(try JSONDecoder().decode(Message.self, from: Data(line))) } catch {
                    throw WorkerError(.failed, "a message that nobody understands: \(error)")
                }
            }
        } onCancel: {
            process.kill()
        }
        try Task.checkCancellation()
        try result.get()
    }

    /// The same for work that has one answer.
    package func ask<Answer: Decodable & Sendable>(
        _ job: some Encodable & Sendable, files: WorkerFiles, limits: WorkerLimits
    ) async throws -> Answer {
        try await ask(WorkerOrder(job: try JSONEncoder().encode(job), files: files, limits: limits))
    }

    /// What of its confinement workers cannot have here, in words for an operator; to be asked, and told, at the service's start.
    /// - Parameter base: where a folder may be made for the time of the question.
    /// - Throws: `WorkerError` where workers cannot be started at all.
    package func shortcomings(below base: String) async throws -> [String] {
        try await withShortLivedFolder(below: base) { directory in
            try await ask(WorkerOrder(job: nil, files: WorkerFiles(directory: directory), limits: WorkerLimits()))
        }
    }

    private func ask<Answer: Decodable & Sendable>(_ order: WorkerOrder) async throws -> Answer {
        let last = Last<Answer>()
        try await run(order) { (answer: Answer) in last.value.withLock { $0 = answer } }
        guard let answer = last.value.withLock({ $0 }) else { throw WorkerError(.failed, "the worker said nothing") }
        return answer
    }

    private final class Last<Value: Sendable>: Sendable { let value = Mutex<Value?>(nil) }
}

/// What a worker is told at its start, on standard input.
struct WorkerOrder: Codable, Sendable {
    static let flag = "--worker"

    /// Nil asks for the shortcomings of its confinement.
    let job: Data?
    let files: WorkerFiles
    let limits: WorkerLimits
    /// The service's process, whose end is the worker's.
    var parent = getpid()
}
