import Events
import FoundationEssentials
import HTTPClient

/// A client of `GET /api/v2/events` that remembers what it saw and where it was, like a browser's `EventSource`.
struct Subscriber {
    let stage: Stage
    var query = "projectId=demo"
    private let token: String
    private(set) var lastEventID: String?
    private(set) var events: [EventStreamEvent] = []

    init(_ stage: Stage, query: String = "projectId=demo", lastEventID: String? = nil, token: String? = nil) {
        self.stage = stage
        self.token = token ?? stage.token
        self.query = query
        self.lastEventID = lastEventID
    }

    /// The revisions of the `media.status` events, in the order they came.
    var revisions: [Int] {
        events.filter { $0.name == "media.status" }.compactMap {
            try? EventCoding.decode(MediaStatusChanged.self, from: Data($0.data.utf8)).revision
        }
    }

    /// Connects and listens until `isEnough` or until the server ends the stream.
    mutating func listen(
        to url: String, onOpen: () async throws -> Void = {}, until isEnough: (Subscriber) -> Bool
    ) async throws {
        var headers = [("Authorization", "Bearer \(token)")]
        if let lastEventID { headers.append(("Last-Event-ID", lastEventID)) }
        let request = HTTPClient.Request(
            "GET", "\(url)/api/v2/events?\(query)", headers: headers, timeout: nil, idleTimeout: .seconds(20),
            maxResponseBytes: .max)
        let response = try await stage.http.stream(request)
        guard response.status == 200 else { throw HTTPClientError(.other, "status \(response.status)") }
        var parser = EventStreamParser()
        var isOpen = false
        for try await chunk in response.chunks {
            events += try parser.append(chunk)
            if !parser.lastEventID.isEmpty { lastEventID = parser.lastEventID }
            if !isOpen {
                isOpen = true
                try await onOpen()
            }
            if isEnough(self) { return }
        }
    }
}
