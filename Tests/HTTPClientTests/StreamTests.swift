import Glibc
import HTTPClient
import Synchronization
import TestSupport
import Testing

@Suite struct StreamTests {
    let client = HTTPClient()

    @Test func chunksArriveAsTheyAreSent() async throws {
        let mayGoOn = Atomic(false)
        let server = try RawServer { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n")
            while !mayGoOn.load(ordering: .sequentiallyConsistent) { usleep(1000) }
            connection.write("data: 2\n\n")
        }
        let response = try await client.stream(.init("GET", server.url(), timeout: nil))
        #expect(response.header("content-type") == "text/event-stream")
        var text = ""
        for try await chunk in response.chunks {
            text += String(decoding: chunk, as: UTF8.self)
            mayGoOn.store(true, ordering: .sequentiallyConsistent)
        }
        #expect(text == "data: 1\n\ndata: 2\n\n")
    }

    @Test func aSlowReaderHoldsTheServerBack() async throws {
        let total = 64 << 20
        let written = Atomic(0)
        let isHeldBack = Atomic(false)
        let server = try RawServer { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
            let chunk = [UInt8](repeating: 7, count: 1 << 16)
            let heldBack = { isHeldBack.store(true, ordering: .relaxed) }
            while written.load(ordering: .relaxed) < total, connection.write(chunk, heldBack: heldBack) {
                written.add(chunk.count, ordering: .relaxed)
            }
        }
        let response = try await client.stream(.init("GET", server.url(), timeout: nil, maxResponseBytes: total))
        try await eventually("the server is held back") { isHeldBack.load(ordering: .relaxed) }
        #expect(written.load(ordering: .relaxed) < 32 << 20)
        var received = 0
        for try await chunk in response.chunks {
            #expect(chunk.count <= 512 << 10)
            received += chunk.count
        }
        #expect(received == total)
    }

    @Test func lettingGoEndsTheExchange() async throws {
        let isGone = Atomic(false)
        let server = try RawServer { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\n\r\n")
            while connection.write(":\n\n") {}
            isGone.store(true, ordering: .sequentiallyConsistent)
        }
        do {
            let response = try await client.stream(.init("GET", server.url(), timeout: nil))
            for try await _ in response.chunks { break }
        }
        try await eventually("the server is let go") { isGone.load(ordering: .sequentiallyConsistent) }
    }

    @Test func aBrokenStreamThrowsAfterWhatArrived() async throws {
        let server = try RawServer { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello")
        }
        let response = try await client.stream(.init("GET", server.url()))
        var text = ""
        let error = await #expect(throws: HTTPClientError.self) {
            for try await chunk in response.chunks { text += String(decoding: chunk, as: UTF8.self) }
        }
        #expect(text == "hello")
        #expect(error?.code == .other)
    }

    @Test func cancellingTheReaderEndsTheStream() async throws {
        let isGone = Atomic(false)
        let server = try RawServer { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\n\r\n")
            while connection.read(atMost: 1) != nil {}
            isGone.store(true, ordering: .sequentiallyConsistent)
        }
        let response = try await client.stream(.init("GET", server.url(), timeout: nil))
        let task = Task { for try await _ in response.chunks {} }
        task.cancel()
        _ = await task.result
        try await eventually("the server is let go") { isGone.load(ordering: .sequentiallyConsistent) }
    }
}
