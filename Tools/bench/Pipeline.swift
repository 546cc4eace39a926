import ArgumentParser
import Events
import FoundationEssentials
import HTTPClient

/// A client of a running stack.
struct Pipeline {
    private struct Item: Encodable {
        let projectId: String
        let fileName: String
        let contentType: String
        let size: Int
        /// One request for each photo, so that every upload is measured alike.
        let multipart: Bool
    }

    private struct Presigned: Decodable {
        let mediaId: MediaID
        let url: String
        let headers: [String: String]
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

    /// Presigns and uploads the same bytes as `times` media.
    func upload(_ bytes: [UInt8], times: Int) async throws -> [MediaID] {
        let item = Item(projectId: project, fileName: "photo.jpg", contentType: "image/jpeg", size: bytes.count, multipart: false)
        let body = try EventCoding.encode(Array(repeating: item, count: times))
        let answer = try await send("POST", "/api/v2/uploads/presign", body: [UInt8](body), expecting: 201)
        let presigned = try EventCoding.decode([Presigned].self, from: Data(answer.body))
        for upload in presigned {
            let request = HTTPClient.Request(
                "PUT", upload.url, headers: upload.headers.map { ($0.key, $0.value) }, body: .bytes(bytes))
            try check(try await http.send(request), expecting: 200)
        }
        return presigned.map(\.mediaId)
    }

    /// Tells that all of them have arrived, eight requests at once.
    func complete(_ ids: [MediaID]) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, id) in ids.enumerated() {
                if number >= 8 { try await group.next() }
                group.addTask { try await send("POST", "/api/v2/uploads/\(id)/complete", expecting: 200) }
            }
            try await group.waitForAll()
        }
    }

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

    @discardableResult
    private func send(
        _ method: String, _ path: String, body: [UInt8] = [], expecting status: Int
    ) async throws -> HTTPClient.Response {
        let headers = authorization + (body.isEmpty ? [] : [("Content-Type", "application/json")])
        let request = HTTPClient.Request(method, url + path, headers: headers, body: body.isEmpty ? .none : .bytes(body))
        let response = try await http.send(request)
        try check(response, expecting: status)
        return response
    }

    private func check(_ response: HTTPClient.Response, expecting status: Int) throws {
        guard response.status == status else {
            throw ValidationError("HTTP \(response.status): \(String(decoding: response.body, as: UTF8.self))")
        }
    }
}
