import ArgumentParser
import Events
import Glibc
import HTTPClient

/// How fast bytes go to where a running stack says that they should, and how fast it says so.
struct Uploads: AsyncParsableCommand {
    enum Kind: String, ExpressibleByArgument { case presigns, parts, many }

    @Argument(help: "presigns: only ask; parts: one file in parts at the same time; many: one file many times at once.") var kind:
        Kind
    @Argument(help: "The file to send.") var file: String
    @Option(help: "How many requests or uploads.") var count = 100
    @Option(help: "How many at the same time.") var parallel = 8
    @Option(help: "The stack's address.") var url: String
    @Option(help: "An API key for the project.") var key: String
    @Option(help: "The project.") var project = "demo"

    private struct Result: Encodable {
        let seconds: Double
        let perSecond: Double
        let mebibytesPerSecond: Double
    }

    func run() async throws {
        let size = try size()
        let client = StackClient(url: url, key: key, project: project)
        let start = ContinuousClock.now
        switch kind {
        case .presigns: try await atOnce(parallel, times: count) { _ in _ = try await presign(client, size) }
        case .parts: try await sendParts(client, size)
        case .many: try await atOnce(parallel, times: count) { _ in try await sendWhole(client, size) }
        }
        let seconds = (ContinuousClock.now - start).seconds
        let uploads = kind == .parts ? 1 : count
        let bytes = kind == .presigns ? 0 : size * Int64(uploads)
        let result = Result(
            seconds: seconds, perSecond: Double(uploads) / seconds, mebibytesPerSecond: Double(bytes) / 1_048_576 / seconds)
        print(String(decoding: try EventCoding.encode(result), as: UTF8.self))
    }

    private func size() throws -> Int64 {
        var status = stat()
        guard stat(file, &status) == 0 else { throw ValidationError("\(file): error \(errno)") }
        return Int64(status.st_size)
    }

    private func sendWhole(_ client: StackClient, _ size: Int64) async throws {
        let upload = try await presign(client, size)
        try await client.put(.file(path: file, offset: 0, length: size), to: upload)
        try await client.complete(upload.mediaId)
    }

    private func sendParts(_ client: StackClient, _ size: Int64) async throws {
        let upload = try await presign(client, size, multipart: true)
        guard let multipart = upload.multipart else { throw ValidationError("no parts were given") }
        try await atOnce(parallel, times: multipart.parts.count) { index in
            let part = multipart.parts[index]
            let offset = Int64(part.number - 1) * multipart.partSize
            try await client.put(.file(path: file, offset: offset, length: part.size), to: part.url)
        }
        try await client.complete(upload.mediaId)
    }

    private func presign(_ client: StackClient, _ size: Int64, multipart: Bool = false) async throws -> StackClient.Upload {
        guard let upload = try await client.presign(size: size, multipart: multipart).first else {
            throw ValidationError("nothing was presigned")
        }
        return upload
    }
}
