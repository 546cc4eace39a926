import Events
import FoundationEssentials
import HTTPServer
import HTTPTypes
import Hummingbird
import Synchronization
import Testing

@testable import MillraceCLI

@Suite(.timeLimit(.minutes(1))) struct FeedTests {
    private func progress(_ share: Double) throws -> String {
        let project = try #require(ProjectID("demo"))
        let event = MediaProgress(mediaId: .generate(), projectId: project, step: .metadata, state: .running, progress: share)
        return String(decoding: try EventCoding.encode(event), as: UTF8.self)
    }

    @Test func goesOnWhereItStopped() async throws {
        let streams = [
            "retry: 10\nid: 1-0\n\nevent: media.progress\nid: 2-0\ndata: \(try progress(0.25))\n\n:\nid: 3-0\n\n",
            "event: media.progress\nid: 4-0\ndata: \(try progress(0.75))\n\nevent: reset\nid: 5-0\ndata: {}\n\n",
        ]
        let asked = Mutex<[String?]>([])
        let server = try await LocalServer { router in
            router.get("/api/v2/events") { request, _ in
                let round = asked.withLock { asked in
                    asked.append(HTTPField.Name("Last-Event-ID").flatMap { request.headers[$0] })
                    return asked.count
                }
                guard round <= streams.count else { throw Problem(.unauthorized, code: "unauthorized", detail: "revoked") }
                return Response(status: .ok, body: .init(byteBuffer: .init(string: streams[round - 1])))
            }
        }
        let feed = Feed(API(url: server.url, key: "k", project: "demo"))
        try await feed.connect()
        guard case .progress(let first) = try await feed.next(), case .progress(let second) = try await feed.next(),
            case .reset = try await feed.next()
        else { throw CommandError(description: "other events") }
        #expect((first.progress, second.progress) == (0.25, 0.75))
        let refusal = await #expect(throws: Refusal.self) { try await feed.next() }
        #expect(refusal?.description == "unauthorized: revoked")
        #expect(asked.withLock { $0 } == [nil, "3-0", "5-0"])
        try await server.stop()
    }
}
