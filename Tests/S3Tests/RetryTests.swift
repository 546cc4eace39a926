import AWS
import HTTPClient
import S3
import Synchronization
import TestSupport
import Testing

/// What no real server does on request: slowing down, breaking off, forgetting credentials.
@Suite struct RetryTests {
    private let environment = ["AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret"]

    private func client(_ server: RawServer) throws -> S3Client {
        try S3Client(S3Location("s3://bucket?endpoint=\(server.url(""))", environment: environment), environment: environment)
    }

    /// Answers the first requests with these and all others with an empty object.
    private func server(_ answers: [String], count: Counter) throws -> RawServer {
        try RawServer { connection in
            while connection.readHead() != nil {
                let number = count.next()
                guard number <= answers.count else {
                    connection.answer(headers: "ETag: \"e\"\r\n")
                    continue
                }
                guard !answers[number - 1].isEmpty else { return }
                connection.answer(answers[number - 1], body: "<Error><Code>SlowDown</Code><Message>m</Message></Error>")
            }
        }
    }

    @Test("what may pass is tried again: busy, broken, told to slow down")
    func passes() async throws {
        for answers in [["503 Slow Down"], ["500 Internal Error", "", "429 Too Many"], ["", ""]] {
            let count = Counter()
            let server = try server(answers, count: count)
            defer { server.stop() }
            #expect(try await client(server).put("a", [], contentType: "text/plain").etag == "e", "\(answers)")
            #expect(count.value >= answers.count + 1, "\(answers)")
        }
    }

    @Test("after four attempts it is over, and what will not pass is not tried again")
    func gives() async throws {
        let (busy, refused) = (Counter(), Counter())
        let one = try server(Array(repeating: "503 Slow Down", count: 9), count: busy)
        defer { one.stop() }
        await #expect { _ = try await client(one).put("a", [], contentType: "t/p") } throws: { ($0 as? S3Error)?.status == 503 }
        #expect(busy.value == 4)
        let bad = try server(Array(repeating: "403 Forbidden", count: 9), count: refused)
        defer { bad.stop() }
        await #expect { _ = try await client(bad).head("a") } throws: { ($0 as? S3Error)?.code == "AccessDenied" }
        #expect(refused.value == 1)
    }

    @Test("a body that breaks off is read on from there, of the same object only")
    func resumes() async throws {
        let heads = Mutex<[String]>([])
        let server = try RawServer { connection in
            guard let head = connection.readHead() else { return }
            let number = heads.withLock { all in
                all.append(head)
                return all.count
            }
            switch number {
            case 1: connection.write("HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 10\r\n\r\n0123")
            case 2:
                connection.write("HTTP/1.1 206 P\r\nETag: \"e\"\r\nContent-Length: 6\r\nContent-Range: bytes 4-9/10\r\n\r\n45")
            case 3:
                connection.write("HTTP/1.1 206 P\r\nETag: \"e\"\r\nContent-Length: 4\r\nContent-Range: bytes 6-9/10\r\n\r\n6789")
            default: break
            }
        }
        defer { server.stop() }
        let content = try await client(server).get("a")
        var bytes: [UInt8] = []
        while let chunk = try await content.download.next() { bytes += chunk }
        #expect(String(decoding: bytes, as: UTF8.self) == "0123456789")
        let (second, third) = heads.withLock { ($0[1].lowercased(), $0[2].lowercased()) }
        #expect(second.contains("range: bytes=4-9\r\n") && second.contains("if-match: \"e\"\r\n"))
        #expect(third.contains("range: bytes=6-9\r\n"))
    }

    @Test(
        "what is not the rest of the same object is not put behind its beginning",
        arguments: [
            "HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 10\r\n\r\n0123456789",
            "HTTP/1.1 206 P\r\nETag: \"e\"\r\nContent-Length: 5\r\nContent-Range: bytes 5-9/10\r\n\r\n56789",
            "HTTP/1.1 206 P\r\nETag: \"e\"\r\nContent-Length: 2\r\nContent-Range: bytes 4-5/10\r\n\r\n45",
            "HTTP/1.1 206 P\r\nETag: \"f\"\r\nContent-Length: 6\r\nContent-Range: bytes 4-9/10\r\n\r\n456789",
        ]) func resumesNothingElse(_ second: String) async throws
    {
        let count = Counter()
        let server = try RawServer { connection in
            guard connection.readHead() != nil else { return }
            let isFirst = count.next() == 1
            connection.write(isFirst ? "HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 10\r\n\r\n0123" : second)
        }
        defer { server.stop() }
        let content = try await client(server).get("a")
        await #expect { while try await content.download.next() != nil {} } throws: {
            ($0 as? S3Error)?.code == "UnexpectedAnswer"
        }
    }

    @Test("a body that breaks off again and again is an error, not a short object")
    func givesUpReading() async throws {
        let server = try RawServer { connection in
            guard connection.readHead() != nil else { return }
            connection.write("HTTP/1.1 206 P\r\nETag: \"e\"\r\nContent-Length: 10\r\nContent-Range: bytes 0-9/10\r\n\r\n")
        }
        defer { server.stop() }
        let content = try await client(server).get("a")
        await #expect(throws: S3Error.self) { while try await content.download.next() != nil {} }
    }

    @Test("a copy is asked for of these very bytes only")
    func conditionalCopy() async throws {
        let server = try RawServer { connection in
            while let head = connection.readHead() {
                let isConditional = head.lowercased().contains("x-amz-copy-source-if-match: \"e\"\r\n")
                let status = isConditional ? "412 Precondition Failed" : "200 OK"
                connection.answer(status, body: "<CopyObjectResult><ETag>e</ETag></CopyObjectResult>")
            }
        }
        defer { server.stop() }
        try await client(server).copy("a", to: "b")
        await #expect { try await client(server).copy("a", to: "b", ifMatch: "e") } throws: { ($0 as? S3Error)?.status == 412 }
    }

    @Test("two hundred and an error in the body is an error; a redirect names the region")
    func disguised() async throws {
        let server = try RawServer { connection in
            while let head = connection.readHead() {
                if head.hasPrefix("PUT") {
                    connection.answer(body: "<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>")
                } else {
                    connection.answer("301 Moved", headers: "x-amz-bucket-region: eu-west-3\r\n")
                }
            }
        }
        defer { server.stop() }
        await #expect { try await client(server).copy("a", to: "b") } throws: { ($0 as? S3Error)?.code == "AccessDenied" }
        await #expect { _ = try await client(server).head("a") } throws: { "\($0)".contains("eu-west-3") }
    }
}

final class Counter: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
