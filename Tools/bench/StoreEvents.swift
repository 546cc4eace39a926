import ArgumentParser
import Events
import FoundationEssentials
import HTTPClient

/// Events of the store through `/events/s3`: first such as complete uploads, then the same again, which change nothing.
struct StoreEvents: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Sends events of the store: how many a second are taken.")

    @Option(help: "The stack's address.") var url: String
    @Option(help: "An API key.") var key: String
    @Option(help: "The project.") var project = "demo"
    @Option(help: "MILLRACE_EVENTS_TOKEN.") var token: String
    @Option(help: "How many originals arrive.") var count = 2000
    @Option(help: "Events in a request.") var records = 1
    @Option(help: "Requests at once.") var width = 16

    private struct Report: Encodable {
        let events: Int
        let recordsPerRequest: Int
        let completingPerSecond: Double
        let repeatedPerSecond: Double
    }

    func run() async throws {
        let stack = StackClient(url: url, key: key, project: project)
        var bodies: [[UInt8]] = []
        for start in stride(from: 0, to: count, by: 100) {
            let ids = try await stack.upload([1], times: min(100, count - start))
            for part in stride(from: 0, to: ids.count, by: records) {
                bodies.append(body(ids[part..<min(ids.count, part + records)].map(\.rawValue)))
            }
        }
        let http = HTTPClient()
        let first = try await seconds { try await send(bodies, http) }
        let again = try await seconds { try await send(bodies, http) }
        await http.close()
        let report = Report(
            events: count, recordsPerRequest: records, completingPerSecond: (Double(count) / first).rounded(),
            repeatedPerSecond: (Double(count) / again).rounded())
        print(String(decoding: try JSONEncoder().encode(report), as: UTF8.self))
    }

    private func body(_ ids: [String]) -> [UInt8] {
        let records = ids.map { id in
            """
            {"eventVersion":"2.1","eventSource":"aws:s3","eventTime":"2026-01-01T00:00:00.000Z","eventName":"ObjectCreated:Put",\
            "s3":{"s3SchemaVersion":"1.0","bucket":{"name":"media"},"object":{"key":"projects/\(project)/\(id)/original/photo.jpg",\
            "size":1,"eTag":"0123456789abcdef0123456789abcdef","sequencer":"0055AED6DCD90281E5"}}}
            """
        }
        return Array("{\"Records\":[\(records.joined(separator: ","))]}".utf8)
    }

    private func send(_ bodies: [[UInt8]], _ http: HTTPClient) async throws {
        try await atOnce(width, times: bodies.count) { number in
            let answer = try await http.send(
                HTTPClient.Request(
                    "POST", url + "/events/s3", headers: [("Authorization", "Bearer \(token)")], body: .bytes(bodies[number])))
            guard answer.status == 200 else { throw ValidationError("the answer is \(answer.status)") }
        }
    }

    private func seconds(_ work: () async throws -> Void) async throws -> Double {
        let start = ContinuousClock.now
        try await work()
        return (ContinuousClock.now - start) / .seconds(1)
    }
}
