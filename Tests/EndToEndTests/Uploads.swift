import Events
import Foundation
import HTTPClient
import TestSupport

/// A client as an application would write one: presign, PUT, complete, ask.
extension RunningStack {
    struct Presigned: Decodable {
        let mediaId: MediaID
        let key: String
        let url: String
        let headers: [String: String]
    }

    func call(
        _ method: String, _ path: String, json: String? = nil, key: String? = nil, headers: [(String, String)] = []
    ) async throws -> HTTPClient.Response {
        var headers = headers + [("Authorization", "Bearer \(key ?? apiKey)")]
        if json != nil { headers.append(("Content-Type", "application/json")) }
        return try await http.send(
            HTTPClient.Request(method, url + path, headers: headers, body: json.map { .bytes(Array($0.utf8)) } ?? .none))
    }

    func presign(_ fileName: String, type: String, size: Int, project: String = "demo") async throws -> Presigned {
        let body: [String: Any] = ["projectId": project, "fileName": fileName, "contentType": type, "size": size]
        let json = String(decoding: try JSONSerialization.data(withJSONObject: body), as: UTF8.self)
        let response = try await call("POST", "/api/v2/uploads/presign", json: json)
        guard response.status == 201 else { throw StackError(description: "presign: \(response.text)") }
        return try JSONDecoder().decode(Presigned.self, from: Data(response.body))
    }

    func put(_ bytes: [UInt8], to presigned: Presigned) async throws -> HTTPClient.Response {
        try await http.send(
            HTTPClient.Request(
                "PUT", presigned.url, headers: presigned.headers.map { ($0.key, $0.value) }, body: .bytes(bytes)))
    }

    /// Presigns, uploads and completes; each request is repeated while the service behind it is away.
    func upload(_ bytes: [UInt8], named fileName: String, type: String = "image/jpeg") async throws -> Presigned {
        let presigned = try await patiently { try await self.presign(fileName, type: type, size: bytes.count) }
        try await patiently {
            let response = try await self.put(bytes, to: presigned)
            // 412: an earlier try whose answer got lost has stored it.
            guard [200, 201, 204, 409, 412].contains(response.status) else {
                throw StackError(description: "PUT: \(response.text)")
            }
        }
        try await patiently {
            let response = try await self.call("POST", "/api/v2/uploads/\(presigned.mediaId)/complete")
            guard response.status == 200 else { throw StackError(description: "complete: \(response.text)") }
        }
        return presigned
    }

    func uploadMany(_ count: Int, _ picture: [UInt8]) async throws -> [MediaID] {
        try await withThrowingTaskGroup(of: MediaID.self) { group in
            var ids: [MediaID] = []
            for number in 0..<count {
                if number >= 8, let id = try await group.next() { ids.append(id) }
                group.addTask { try await self.upload(picture, named: "picture-\(number).webp", type: "image/webp").mediaId }
            }
            for try await id in group { ids.append(id) }
            return ids
        }
    }

    func status(_ id: MediaID, project: String = "demo") async throws -> MediaStatusChanged {
        let response = try await call("GET", "/api/v2/media/\(id)/status?projectId=\(project)")
        guard response.status == 200 else { throw StackError(description: "status: \(response.text)") }
        return try EventCoding.decode(MediaStatusChanged.self, from: Data(response.body))
    }

    @discardableResult
    func finished(_ id: MediaID, within timeout: Duration = .seconds(60)) async throws -> MediaStatusChanged {
        try await eventually(timeout: timeout, "\(id) is ready or failed") {
            (try? await self.status(id))?.status.isTerminal == true
        }
        return try await status(id)
    }
}

/// Repeats what fails because a service is being restarted.
@discardableResult
func patiently<Value>(_ body: () async throws -> Value) async throws -> Value {
    let deadline = ContinuousClock.now + .seconds(60)
    while true {
        do { return try await body() } catch {
            guard ContinuousClock.now < deadline else { throw error }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}

extension HTTPClient.Response {
    var text: String { String(decoding: body, as: UTF8.self) }
    var json: [String: Any] { ((try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any]) ?? [:] }
}
