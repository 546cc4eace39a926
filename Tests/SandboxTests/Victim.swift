import FoundationEssentials
import Sandbox
import TestSupport

/// Runs a worker that misbehaves.
struct Victim {
    struct Deed: Codable {
        let name: String
        let argument: String
    }

    static let executable = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "SandboxVictim").path

    let worker = Worker("victim", executable: executable)
    var limits = WorkerLimits(
        cpuSeconds: 20, memory: 1 << 30, fileSize: 8 << 20, openFiles: 32, wallSeconds: 20, messageBytes: 1 << 20)
    var readable: [String] = []

    /// The last of its messages.
    /// - Parameter home: its folder; else one of its own for this time.
    func ask(_ deed: String, _ argument: String = "", in home: String? = nil) async throws -> String {
        let folder = TemporaryDirectory()
        defer { folder.remove() }
        return try await worker.ask(
            Deed(name: deed, argument: argument), files: WorkerFiles(directory: home ?? folder.path, readable: readable),
            limits: limits)
    }

    /// How it ends where it does not end well.
    func end(_ deed: String, _ argument: String = "") async -> WorkerError.Code? {
        do { _ = try await ask(deed, argument) } catch { return (error as? WorkerError)?.code }
        return nil
    }
}
