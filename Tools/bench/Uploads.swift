import ArgumentParser
import Events
import FoundationEssentials
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
        let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int64 ?? 0
        let client = UploadClient(url: url, key: key, project: project)
        let start = ContinuousClock.now
        switch kind {
        case .presigns: try await atOnce(count) { _ in _ = try await client.presign(size: size, multipart: false) }
        case .parts: try await sendParts(client, size)
        case .many: try await atOnce(count) { _ in try await sendWhole(client, size) }
        }
        let seconds = (ContinuousClock.now - start).seconds
        let uploads = kind == .parts ? 1 : count
        let bytes = kind == .presigns ? 0 : size * Int64(uploads)
        let result = Result(
            seconds: seconds, perSecond: Double(uploads) / seconds, mebibytesPerSecond: Double(bytes) / 1_048_576 / seconds)
        print(String(decoding: try EventCoding.encode(result), as: UTF8.self))
    }

    private func sendWhole(_ client: UploadClient, _ size: Int64) async throws {
        let upload = try await client.presign(size: size, multipart: false)
        guard let url = upload.url else { throw ValidationError("no URL was given") }
        try await client.put(url, upload.headers ?? [:], .file(path: file, offset: 0, length: size))
        try await client.complete(upload.mediaId)
    }

    private func sendParts(_ client: UploadClient, _ size: Int64) async throws {
        let upload = try await client.presign(size: size, multipart: true)
        guard let multipart = upload.multipart else { throw ValidationError("no parts were given") }
        try await atOnce(multipart.parts.count) { index in
            let part = multipart.parts[index]
            let offset = Int64(part.number - 1) * multipart.partSize
            try await client.put(part.url, [:], .file(path: file, offset: offset, length: part.size))
        }
        try await client.complete(upload.mediaId)
    }

    private func atOnce(_ count: Int, _ work: @escaping @Sendable (Int) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<count {
                if index >= parallel { try await group.next() }
                group.addTask { try await work(index) }
            }
            try await group.waitForAll()
        }
    }
}

/// A client that uploads as an application does.
private struct UploadClient: Sendable {
    struct Upload: Decodable, Sendable {
        struct Multipart: Decodable, Sendable {
            struct Part: Decodable, Sendable {
                let number: Int
                let url: String
                let size: Int64
            }

            let partSize: Int64
            let parts: [Part]
        }

        let mediaId: MediaID
        let url: String?
        let headers: [String: String]?
        let multipart: Multipart?
    }

    private struct File: Encodable {
        let projectId: String
        let fileName = "bench.jpg"
        let contentType = "image/jpeg"
        let size: Int64
        let multipart: Bool
    }

    let url: String
    let key: String
    let project: String
    private let http = HTTPClient()

    init(url: String, key: String, project: String) {
        self.url = url
        self.key = key
        self.project = project
    }

    func presign(size: Int64, multipart: Bool) async throws -> Upload {
        let body = try EventCoding.encode(File(projectId: project, size: size, multipart: multipart))
        let answer = try await post("/api/v2/uploads/presign", [UInt8](body))
        return try EventCoding.decode(Upload.self, from: Data(answer.body))
    }

    func complete(_ id: MediaID) async throws { _ = try await post("/api/v2/uploads/\(id)/complete", []) }

    func put(_ url: String, _ headers: [String: String], _ body: HTTPClient.Body) async throws {
        let request = HTTPClient.Request(
            "PUT", url, headers: headers.map { ($0.key, $0.value) }, body: body, timeout: .seconds(600))
        try check(try await http.send(request))
    }

    private func post(_ path: String, _ body: [UInt8]) async throws -> HTTPClient.Response {
        let headers = [("Authorization", "Bearer \(key)"), ("Content-Type", "application/json")]
        let request = HTTPClient.Request(
            "POST", url + path, headers: headers, body: body.isEmpty ? .none : .bytes(body), timeout: .seconds(300))
        let response = try await http.send(request)
        try check(response)
        return response
    }

    private func check(_ response: HTTPClient.Response) throws {
        guard (200..<300).contains(response.status) else {
            throw ValidationError("HTTP \(response.status): \(String(decoding: response.body, as: UTF8.self))")
        }
    }
}
