import Events
import FoundationEssentials
import HTTPClient

/// A client of a running stack, for one project.
struct API: Sendable {
    let url: String
    let key: String
    let project: String
    let patience: Patience
    let http = HTTPClient()

    init(url: String, key: String, project: String, patience: Patience = Patience()) {
        self.url = url
        self.key = key
        self.project = project
        self.patience = patience
    }

    /// Sends a request and reads its JSON answer.
    func call<Answer: Decodable>(
        _ method: String, _ path: String, body: (any Encodable)? = nil, idempotencyKey: String? = nil
    ) async throws -> Answer {
        let response = try await send(method, path, body: body, idempotencyKey: idempotencyKey)
        do { return try EventCoding.decode(Answer.self, from: Data(response.body)) } catch {
            throw CommandError(description: "the answer to \(method) \(path) is not understood: \(error)")
        }
    }

    /// Sends a request; anything but 2xx is an error with the server's own words.
    /// - Parameter idempotencyKey: makes the server answer a repetition as it answered the first try.
    @discardableResult
    func send(
        _ method: String, _ path: String, body: (any Encodable)? = nil, idempotencyKey: String? = nil
    ) async throws -> HTTPClient.Response {
        var request = HTTPClient.Request(method, url + path, headers: authorization)
        if let idempotencyKey { request.headers.append((name: "Idempotency-Key", value: idempotencyKey)) }
        if let body {
            request.headers.append((name: "Content-Type", value: "application/json"))
            request.body = .bytes(Array(try EventCoding.encode(body)))
        }
        request.timeout = .seconds(300)
        return try await patiently { try await perform(request) }
    }

    /// Waits out a service that is being restarted.
    private func patiently<Value>(_ body: () async throws -> Value) async throws -> Value {
        for pause in patience.pauses {
            do { return try await body() } catch let refusal as Refusal where ![502, 503, 504].contains(refusal.status) {
                throw refusal
            } catch { try await Task.sleep(for: pause) }
        }
        return try await body()
    }

    func perform(
        _ request: HTTPClient.Request, onUploadProgress: (@Sendable (Int64) -> Void)? = nil
    ) async throws -> HTTPClient.Response {
        let response: HTTPClient.Response
        do { response = try await http.send(request, onUploadProgress: onUploadProgress) } catch {
            throw CommandError(description: "\(url): \(error)")
        }
        guard (200..<300).contains(response.status) else { throw Refusal(response.status, response.body) }
        return response
    }

    /// The events of the project from now on, or from behind `lastEventId`.
    func events(after lastEventId: String? = nil) async throws -> HTTPClient.StreamedResponse {
        var request = HTTPClient.Request("GET", "\(url)/api/v2/events?projectId=\(project)", headers: authorization)
        request.timeout = nil
        request.idleTimeout = .seconds(45)
        if let lastEventId { request.headers.append((name: "Last-Event-ID", value: lastEventId)) }
        let response = try await http.stream(request)
        guard response.status == 200 else {
            throw Refusal(response.status, try await response.chunks.reduce(into: []) { $0 += $1 })
        }
        return response
    }

    func status(_ mediaId: MediaID) async throws -> MediaStatusChanged { try await standing(mediaId).status }

    func standing(_ mediaId: MediaID) async throws -> Standing {
        try await call("GET", "/api/v2/media/\(mediaId)/status?projectId=\(project)")
    }

    private var authorization: [(String, String)] { [("Authorization", "Bearer \(key)")] }
}

/// How long the command line waits for what does not answer.
struct Patience: Sendable {
    /// Between the tries of one request; there is one try more than there are pauses.
    var pauses: [Duration] = [.milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(8)]
    /// An upload that moves no byte for so long is broken off, in whole seconds.
    var standstill: Duration = .seconds(60)
}

/// A server's no, in its own words (RFC 9457).
struct Refusal: Error, CustomStringConvertible {
    private struct Problem: Decodable {
        let code: String?
        let detail: String?
    }

    let status: Int
    let description: String

    init(_ status: Int, _ body: [UInt8]) {
        self.status = status
        let problem = try? EventCoding.decode(Problem.self, from: Data(body))
        description = [problem?.code ?? "HTTP \(status)", problem?.detail].compactMap(\.self).joined(separator: ": ").harmless
    }
}
