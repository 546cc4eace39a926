import ArgumentParser
import Events
import FoundationEssentials
import HTTPClient

/// Uploads photos to a running stack, completes them all at once and waits until each is ready.
struct Photos: AsyncParsableCommand {
    @Argument(help: "A JPEG.") var file: String
    @Option(help: "How many.") var count = 1
    @Option(help: "The stack's address.") var url: String
    @Option(help: "An API key for the project.") var key: String
    @Option(help: "The project.") var project = "demo"

    func run() async throws {
        let stack = StackClient(url: url, key: key, project: project)
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: file)))
        let ids = try await stack.upload(bytes, times: count)
        let ready = try await stack.follow()

        let start = ContinuousClock.now
        async let completed: Void = atOnce(8, times: ids.count) { try await stack.complete(ids[$0]) }
        var waiting = Set(ids)
        var seconds: [Double] = []
        for try await status in ready where waiting.contains(status.mediaId) && status.status.isTerminal {
            guard status.status == .ready else {
                throw ValidationError("\(status.mediaId) failed: \(status.error?.message ?? "")")
            }
            waiting.remove(status.mediaId)
            seconds.append((ContinuousClock.now - start).seconds)
            if waiting.isEmpty { break }
        }
        try await completed
        let total = seconds.last ?? 0
        try show(["seconds": total, "photosPerSecond": Double(count) / total, "firstSeconds": seconds.first ?? 0])
    }
}
