import Events
import FoundationEssentials
import HTTPServer
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import MillraceCLI

/// What the command line waits for, and for how long.
@Suite(.timeLimit(.minutes(1))) struct PatienceTests {
    private let media = MediaID.generate()
    private let hasty = Patience(pauses: Array(repeating: .milliseconds(20), count: 4), standstill: .seconds(1))

    private func api(_ url: String) -> API { API(url: url, key: "k", project: "demo", patience: hasty) }

    private static func json(_ text: String) -> Response {
        Response(status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: .init(string: text)))
    }

    private func status(_ status: MediaStatus) throws -> String {
        let event = MediaStatusChanged(
            mediaId: media, projectId: try #require(ProjectID("demo")), status: status, revision: 3, progress: 0,
            fileName: "a.jpg", kind: .image, processed: Processed(), warnings: [], changedAt: Date())
        return String(decoding: try EventCoding.encode(event), as: UTF8.self)
    }

    @Test(arguments: [502, 503, 504]) func aServiceThatRestartsIsWaitedFor(code: Int) async throws {
        let asked = Atomic(0)
        let answer = try status(.ready)
        let server = try await LocalServer { router in
            router.get("/api/v2/media/:id/status") { _, _ -> Response in
                guard asked.add(1, ordering: .relaxed).newValue > 3 else { return Response(status: .init(code: code)) }
                return Self.json(answer)
            }
        }
        #expect(try await api(server.url).status(media).status == .ready)
        #expect(asked.load(ordering: .relaxed) == 4)
        try await server.stop()
    }

    @Test func aServerThatComesLaterIsWaitedFor() async throws {
        let (port, answer) = (try freePort(), try status(.ready))
        let patient = API(url: "http://127.0.0.1:\(port)", key: "k", project: "demo")
        async let waited = patient.status(media)
        await #expect(throws: CommandError.self) { try await api(patient.url).status(media) }
        let server = try await LocalServer(port: port) { $0.get("/api/v2/media/:id/status") { _, _ in Self.json(answer) } }
        #expect(try await waited.status == .ready)
        try await server.stop()
    }

    @Test func patienceEnds() async throws {
        let asked = Atomic(0)
        let server = try await LocalServer { router in
            router.get("/api/v2/media/:id/status") { _, _ -> Response in
                asked.add(1, ordering: .relaxed)
                throw Problem.unavailable("away for good")
            }
        }
        let refusal = await #expect(throws: Refusal.self) { try await api(server.url).status(media) }
        #expect(refusal?.description == "temporarilyUnavailable: away for good")
        #expect(asked.load(ordering: .relaxed) == 5)
        try await server.stop()
    }

    @Test func whatIsNotFinishedInTimeHasFailed() async throws {
        let answer = try status(.processing)
        let server = try await LocalServer { router in
            router.get("/api/v2/events") { _, _ in
                Response(
                    status: .ok,
                    body: .init { writer in
                        try await writer.write(ByteBuffer(string: ":\n\n"))
                        try? await gracefulShutdown()
                        try await writer.finish(nil)
                    })
            }
            router.get("/api/v2/media/:id/status") { _, _ in Self.json(answer) }
        }
        let (board, directory) = try await board(of: media)
        defer { directory.remove() }
        let watcher = try await Watcher.start(api(server.url), board)
        let start = ContinuousClock.now
        await watcher.waitForAll(atMost: .milliseconds(300))
        #expect(ContinuousClock.now - start >= .milliseconds(300))
        #expect(await board.results.map(\.error) == ["not finished within 0.30 s"])
        try await server.stop()
    }

    @Test func whatCanNoLongerBeAskedHasFailed() async throws {
        let server = try await LocalServer { router in
            router.get("/api/v2/events") { _, _ in Response(status: .ok) }
            router.get("/api/v2/media/:id/status") { _, _ -> Response in
                throw Problem.notFound("There is no such media.", code: "mediaNotFound")
            }
        }
        let (board, directory) = try await board(of: media)
        defer { directory.remove() }
        await (try Watcher.start(api(server.url), board)).waitForAll(atMost: .seconds(60))
        #expect(await board.results.map(\.error) == ["mediaNotFound: There is no such media."])
        try await server.stop()
    }

    /// Who takes no byte for a while is given up and asked what is missing; the presign is repeated as the same one.
    @Test func anUploadThatStandsStillBeginsAnew() async throws {
        let media = media
        let keys = Mutex<[String?]>([])
        let puts = Atomic(0)
        let server = try await LocalServer { router in
            router.post("/api/v2/uploads/presign") { request, _ -> Response in
                let tries = keys.withLock { keys in
                    keys.append(HTTPField.Name("Idempotency-Key").flatMap { request.headers[$0] })
                    return keys.count
                }
                guard tries > 1 else { throw Problem.unavailable("starting") }
                return Self.json(#"{"mediaId":"\#(media)","key":"k","url":"http://\#(request.head.authority ?? "")/files/k"}"#)
            }
            router.get("/api/v2/uploads/:mediaId/parts") { request, _ in
                Self.json(
                    #"{"mediaId":"\#(media)","key":"k","isComplete":false,"url":"http://\#(request.head.authority ?? "")/files/k"}"#
                )
            }
            router.put("/files/k") { request, _ -> Response in
                guard puts.add(1, ordering: .relaxed).newValue > 1 else {
                    try? await gracefulShutdown()
                    return Response(status: .ok)
                }
                return Response(status: try await request.body.collect(upTo: 100).readableBytes == 3 ? .ok : .badRequest)
            }
            router.post("/api/v2/uploads/:mediaId/complete") { _, _ in Self.json("{}") }
        }
        let (board, directory) = try await board(of: nil)
        defer { directory.remove() }
        let source = try SourceFile(directory.path + "/a.jpg")
        try await FileUpload(source: source, row: 0, api: api(server.url), board: board).run()
        #expect(puts.load(ordering: .relaxed) == 2)
        let sent = keys.withLock { $0 }
        #expect(sent.count == 2 && sent[0] != nil && sent[0] == sent[1])
        try await server.stop()
    }

    /// A board with one file of three bytes, uploaded as `media`.
    private func board(of media: MediaID?) async throws -> (Board, TemporaryDirectory) {
        let directory = TemporaryDirectory()
        try Data([1, 2, 3]).write(to: URL(filePath: directory.path + "/a.jpg"))
        let board = Board([try SourceFile(directory.path + "/a.jpg")], style: .silent)
        if let media { await board.presigned(0, media, key: "k") }
        return (board, directory)
    }
}
