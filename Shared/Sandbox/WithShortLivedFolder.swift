internal import FoundationEssentials
internal import Glibc

/// A folder below `base` that nobody else may enter, for a worker that is only asked something at a service's start.
/// - Throws: `WorkerError` (`.notStarted`) where it cannot be made; what `body` throws.
package func withShortLivedFolder<Answer: Sendable>(
    below base: String, _ body: (String) async throws -> Answer
) async throws -> Answer {
    var name = Array("\(base)/millrace-XXXXXX".utf8CString)
    guard let path = mkdtemp(&name).map({ String(cString: $0) }) else {
        throw WorkerError(.notStarted, "no working directory: error \(errno)")
    }
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}
