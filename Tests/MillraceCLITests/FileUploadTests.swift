import Events
import FoundationEssentials
import HTTPServer
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import MillraceCLI

/// The upload's side of the conversation with upload-gateway: what it sends, and what it does when something breaks.
@Suite(.timeLimit(.minutes(1))) struct FileUploadTests {
    private let media = MediaID.generate()

    private func source(_ bytes: [UInt8]) throws -> (SourceFile, TemporaryDirectory) {
        let directory = TemporaryDirectory()
        try Data(bytes).write(to: URL(filePath: directory.path + "/a.jpg"))
        return (try SourceFile(directory.path + "/a.jpg"), directory)
    }

    /// Keeps the parts it is sent, and breaks off where it is told to.
    private final class Parts: Sendable {
        struct State {
            var bytes: [Int: [UInt8]] = [:]
            var puts: [Int] = []
            var completed = 0
        }
        let state = Mutex(State())

        func receive(_ number: Int, _ bytes: [UInt8]) -> Bool {
            state.withLock { state in
                state.puts.append(number)
                let breaks = number == 2 && state.puts.count { $0 == 2 } == 1
                if !breaks { state.bytes[number] = bytes }
                return !breaks
            }
        }
    }

    private func server(_ parts: Parts, partSize: Int, count: Int) async throws -> LocalServer {
        let media = media
        let plan = { @Sendable (numbers: [Int], host: String) in
            numbers.map { #"{"number":\#($0),"size":\#($0 == count ? 5 : partSize),"url":"http://\#(host)/parts/\#($0)"}"# }
                .joined(separator: ",")
        }
        let json = { @Sendable (text: String) in
            Response(status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: .init(string: text)))
        }
        return try await LocalServer { router in
            router.post("/api/v2/uploads/presign") { request, _ in
                let list = plan(Array(1...count), request.head.authority ?? "")
                return json(
                    #"{"mediaId":"\#(media)","key":"k","multipart":{"uploadId":"u","partSize":\#(partSize),"parts":[\#(list)]}}"#)
            }
            router.get("/api/v2/uploads/:mediaId/parts") { request, _ in
                let missing = parts.state.withLock { state in (1...count).filter { state.bytes[$0] == nil } }
                let list = plan(missing, request.head.authority ?? "")
                return json(#"{"mediaId":"\#(media)","key":"k","isComplete":false,"partSize":\#(partSize),"missing":[\#(list)]}"#)
            }
            router.put("/parts/:number") { request, context in
                let number = try context.parameters.require("number", as: Int.self)
                let bytes = Array(try await request.body.collect(upTo: 1 << 20).readableBytesView)
                guard parts.receive(number, bytes) else { throw Problem.unavailable("broken") }
                return Response(status: .ok)
            }
            router.post("/api/v2/uploads/:mediaId/complete") { _, _ in
                parts.state.withLock { $0.completed += 1 }
                return json("{}")
            }
        }
    }

    @Test func aBrokenPartIsSentAgainAndNoOther() async throws {
        let bytes = (0..<30_005).map { UInt8(truncatingIfNeeded: $0 / 7) }
        let (source, directory) = try source(bytes)
        defer { directory.remove() }
        let parts = Parts()
        let server = try await server(parts, partSize: 10_000, count: 4)
        let board = Board([source], style: .silent)
        try await FileUpload(source: source, row: 0, api: API(url: server.url, key: "k", project: "demo"), board: board).run()
        let state = parts.state.withLock { $0 }
        #expect((1...4).flatMap { state.bytes[$0] ?? [] } == bytes)
        #expect(state.puts.sorted() == [1, 2, 2, 3, 4])
        #expect(state.completed == 1)
        #expect(await board.results.first?.mediaId == media)
        try await server.stop()
    }

    @Test func aRefusalIsNotRepeated() async throws {
        let (source, directory) = try source([1, 2, 3])
        defer { directory.remove() }
        let asked = Mutex(0)
        let server = try await LocalServer { router in
            router.post("/api/v2/uploads/presign") { _, _ -> Response in
                asked.withLock { $0 += 1 }
                throw Problem.invalidField("size", "too large")
            }
        }
        let board = Board([source], style: .silent)
        let refusal = await #expect(throws: Refusal.self) {
            try await FileUpload(source: source, row: 0, api: API(url: server.url, key: "k", project: "demo"), board: board).run()
        }
        #expect(refusal?.description == "invalidField: too large")
        #expect(asked.withLock { $0 } == 1)
        try await server.stop()
    }
}
