import FoundationEssentials
import HTTPClient
import Synchronization
import TestSupport
import Testing

@Suite struct UploadTests {
    let client = HTTPClient()

    /// Answers with the number of body bytes and their sum.
    private func summing() throws -> RawServer {
        try RawServer { connection in
            while let head = connection.readHead() {
                let length = Int(head.components("Content-Length: ").last?.prefix { $0.isNumber } ?? "") ?? 0
                guard let body = connection.read(exactly: length) else { return }
                connection.answer(body: "\(length) \(body.reduce(0) { $0 &+ Int($1) })")
            }
        }
    }

    private func file(_ bytes: [UInt8]) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "millrace-upload-\(UInt64.random(in: 0 ... .max))").path
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }

    @Test func sendsBytes() async throws {
        let server = try summing()
        let response = try await client.send(.init("POST", server.url(), body: .bytes([1, 2, 3])))
        #expect(String(decoding: response.body, as: UTF8.self) == "3 6")
    }

    @Test(arguments: [nil, "application/json"]) func smallBytesAreNotCalledAForm(contentType: String?) async throws {
        let server = try RawServer { connection in
            guard let head = connection.readHead(), connection.read(exactly: 2) != nil else { return }
            connection.answer(body: head)
        }
        let headers = contentType.map { [("Content-Type", $0)] } ?? []
        let response = try await client.send(.init("POST", server.url(), headers: headers, body: .bytes([123, 125])))
        let head = String(decoding: response.body, as: UTF8.self)
        #expect(
            head.components("\r\n").filter { $0.hasPrefix("Content-Type") } == (contentType.map { ["Content-Type: \($0)"] } ?? [])
        )
        #expect(head.contains("Content-Length: 2\r\n"))
    }

    @Test func sendsARangeOfAFileAndTellsProgress() async throws {
        let server = try summing()
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let path = try file(bytes)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let progress = Mutex<[Int64]>([])
        let request = HTTPClient.Request("PUT", server.url(), body: .file(path: path, offset: 1000, length: 2_500_000))
        let response = try await client.send(request) { sent in progress.withLock { $0.append(sent) } }
        let sum = bytes[1000..<2_501_000].reduce(0) { $0 &+ Int($1) }
        #expect(String(decoding: response.body, as: UTF8.self) == "2500000 \(sum)")
        let told = progress.withLock { $0 }
        #expect(told.last == 2_500_000)
        #expect(told == told.sorted())
        #expect(Set(told).count == told.count)
    }

    @Test func aFileThatIsTooShortIsAnError() async throws {
        let server = try summing()
        let path = try file([1, 2, 3])
        defer { try? FileManager.default.removeItem(atPath: path) }
        let error = await #expect(throws: HTTPClientError.self) {
            try await client.send(.init("PUT", server.url(), body: .file(path: path, offset: 0, length: 10)))
        }
        #expect(error?.code == .other)
    }

    @Test func anEarlyRefusalReachesTheCaller() async throws {
        let server = try RawServer { connection in
            _ = connection.readHead()
            connection.answer("403 Forbidden", headers: "Connection: close\r\n", body: "no")
            while connection.read(atMost: 65_536) != nil {}
        }
        let response = try await client.send(.init("PUT", server.url(), body: .bytes([UInt8](repeating: 1, count: 8 << 20))))
        #expect(response.status == 403)
        #expect(response.body == Array("no".utf8))
    }

    @Test func aDeadKeptAliveConnectionIsReplacedAndTheBodySentAgain() async throws {
        let isFirst = Atomic(true)
        let server = try RawServer { connection in
            while let head = connection.readHead() {
                let length = Int(head.components("Content-Length: ").last?.prefix { $0.isNumber } ?? "") ?? 0
                guard let body = connection.read(exactly: length) else { return }
                connection.answer(body: "\(body.count)")
                // Drops the connection without a word as soon as the next request arrives on it.
                if isFirst.exchange(false, ordering: .sequentiallyConsistent) {
                    _ = connection.read(atMost: 1)
                    return
                }
            }
        }
        for _ in 0..<2 {
            let response = try await client.send(.init("PUT", server.url(), body: .bytes([1, 2, 3, 4])))
            #expect(response.body == Array("4".utf8))
        }
        #expect(server.connections == 2)
    }
}

extension String {
    func components(_ separator: String) -> [Substring] { split(separator: separator, omittingEmptySubsequences: false) }
}
