import ArgumentParser
import Events
import FoundationEssentials
import HTTPClient

/// A client of a running stack, which uploads as an application does.
struct StackClient: Sendable {
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
        let fileName = "photo.jpg"
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

    /// Asks where as many files of this size go, all in one request.
    func presign(size: Int64, multipart: Bool = false, times: Int = 1) async throws -> [Upload] {
        let file = File(projectId: project, size: size, multipart: multipart)
        let body = try EventCoding.encode(Array(repeating: file, count: times))
        let answer = try await post("/api/v2/uploads/presign", [UInt8](body))
        return try EventCoding.decode([Upload].self, from: Data(answer.body))
    }

    /// Uploads the same bytes as `times` media, one after the other.
    func upload(_ bytes: [UInt8], times: Int) async throws -> [MediaID] {
        let uploads = try await presign(size: Int64(bytes.count), times: times)
        for upload in uploads { try await put(.bytes(bytes), to: upload) }
        return uploads.map(\.mediaId)
    }

    func put(_ body: HTTPClient.Body, to upload: Upload) async throws {
        guard let url = upload.url else { throw ValidationError("no URL was given") }
        try await put(body, to: url, upload.headers ?? [:])
    }

    func put(_ body: HTTPClient.Body, to url: String, _ headers: [String: String] = [:]) async throws {
        let request = HTTPClient.Request(
            "PUT", url, headers: headers.map { ($0.key, $0.value) }, body: body, timeout: .seconds(600))
        try check(try await http.send(request))
    }

    /// Tells that it has arrived.
    func complete(_ id: MediaID) async throws { _ = try await post("/api/v2/uploads/\(id)/complete", []) }

    /// The project's changes of status, live.
    func follow() async throws -> AsyncThrowingStream<MediaStatusChanged, any Error> {
        var request = HTTPClient.Request("GET", "\(url)/api/v2/events?projectId=\(project)", headers: authorization)
        request.timeout = nil
        let response = try await http.stream(request)
        guard response.status == 200 else { throw ValidationError("events: HTTP \(response.status)") }
        return AsyncThrowingStream { continuation in
            Task {
                do {
                    try await Self.readStatuses(response.chunks) { continuation.yield($0) }
                    continuation.finish()
                } catch { continuation.finish(throwing: error) }
            }
        }
    }

    /// The `data:` lines of an event stream that are a media's status.
    private static func readStatuses(
        _ chunks: AsyncThrowingStream<[UInt8], any Error>, _ found: (MediaStatusChanged) -> Void
    ) async throws {
        var buffer: [UInt8] = []
        for try await chunk in chunks {
            buffer += chunk
            while let end = buffer.firstIndex(of: 10) {
                let line = Data(buffer[..<end])
                buffer.removeSubrange(...end)
                guard line.starts(with: Data("data:".utf8)) else { continue }
                if let status = try? EventCoding.decode(MediaStatusChanged.self, from: line.dropFirst(5)) { found(status) }
            }
        }
    }

    private var authorization: [(String, String)] { [("Authorization", "Bearer \(key)")] }

    private func post(_ path: String, _ body: [UInt8]) async throws -> HTTPClient.Response {
        let headers = authorization + (body.isEmpty ? [] : [("Content-Type", "application/json")])
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

/// Does it so often, so many at the same time.
func atOnce(_ width: Int, times count: Int, _ work: @escaping @Sendable (Int) async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<count {
            if number >= width { try await group.next() }
            group.addTask { try await work(number) }
        }
        try await group.waitForAll()
    }
}
