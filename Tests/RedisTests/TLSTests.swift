import Redis
import TestSupport
import Testing

/// Against a Redis that speaks TLS, with certificates made on the spot.
@Suite struct TLSTests {
    let certificates: TestCertificates

    init() throws { certificates = try TestCertificates() }

    private func client(
        _ server: RedisServer, host: String = "127.0.0.1", authority: String? = nil, timeout: Duration = .seconds(5)
    ) throws -> RedisClient {
        var url = try RedisURL("rediss://\(host):\(server.url.port)")
        url.tls = RedisTLS(authorityFile: authority ?? certificates.authority.certificate)
        return RedisClient(url, name: "tls", commandTimeout: timeout)
    }

    private func expectRefusal(_ client: RedisClient, _ reason: String) async {
        await #expect {
            try await client.send(["PING"])
        } throws: {
            ($0 as? RedisError)?.code == .unavailable && "\($0)".contains(reason)
        }
    }

    @Test func speaksTLS() async throws {
        let server = try await RedisServer.start(.init(certificates: certificates))
        for host in ["127.0.0.1", "localhost"] {
            let client = try client(server, host: host)
            let value = String(repeating: "0123456789abcdef", count: 1 << 18)
            #expect(try await client.send(["SET", "large", value]) == .status("OK"))
            #expect(try await client.send(["GET", "large"]) == .string(value))
            let numbers = try await client.pipeline((0..<3000).map { ["ECHO", "\($0)"] })
            #expect(numbers == (0..<3000).map { .string("\($0)") })
        }
    }

    @Test func refusesACertificateOfAnUnknownAuthority() async throws {
        let server = try await RedisServer.start(.init(certificates: certificates))
        let stranger = try TestCertificates()
        await expectRefusal(try client(server, authority: stranger.authority.certificate), "certificate is refused")
        var url = try RedisURL("rediss://127.0.0.1:\(server.url.port)")
        await expectRefusal(RedisClient(url, name: "system"), "certificate is refused")
        url.tls?.authorityFile = "/nowhere/authority.pem"
        await expectRefusal(RedisClient(url, name: "lost"), "/nowhere/authority.pem")
    }

    @Test func refusesACertificateOfAnotherHost() async throws {
        var features = RedisServer.Features(certificates: certificates)
        features.name = "redis.example"
        let server = try await RedisServer.start(features)
        await expectRefusal(try client(server, host: "localhost"), "hostname mismatch")
        #expect(try await client(server).send(["PING"]) == .status("PONG"), "by its address it is the right one")
    }

    @Test func showsItsOwnCertificateWhereOneIsAskedFor() async throws {
        var features = RedisServer.Features(certificates: certificates)
        features.asksForCertificates = true
        let server = try await RedisServer.start(features)
        await #expect { try await client(server).send(["PING"]) } throws: { ($0 as? RedisError)?.code == .unavailable }
        let pair = try certificates.sign("client", hosts: [])
        var url = try RedisURL("rediss://localhost:\(server.url.port)")
        url.tls = RedisTLS(
            authorityFile: certificates.authority.certificate, certificateFile: pair.certificate, keyFile: pair.key)
        #expect(try await RedisClient(url, name: "known").send(["PING"]) == .status("PONG"))
        url.tls?.keyFile = certificates.authority.key
        await expectRefusal(RedisClient(url, name: "mixed up"), "key values mismatch")
    }

    @Test func failsWhereOnlyOneSideSpeaksTLS() async throws {
        let plain = try await RedisServer.start()
        // It waits for the rest of what it takes for a line.
        let waiting = try client(plain, timeout: .milliseconds(200))
        await #expect { try await waiting.send(["PING"]) } throws: { ($0 as? RedisError)?.code == .timeout }
        let secure = try await RedisServer.start(.init(certificates: certificates))
        let unsafe = RedisClient(try RedisURL("redis://127.0.0.1:\(secure.url.port)"), name: "unsafe")
        await #expect { try await unsafe.send(["PING"]) } throws: { ($0 as? RedisError)?.code == .unavailable }
    }

    @Test func reconnectsAndTimesOut() async throws {
        let server = try await RedisServer.start(.init(certificates: certificates))
        let client = try client(server, timeout: .milliseconds(300))
        _ = try await client.send(["PING"])
        await #expect { try await client.send(["DEBUG", "SLEEP", "1"]) } throws: { ($0 as? RedisError)?.code == .timeout }
        server.stop()
        await #expect { try await client.send(["PING"]) } throws: { ($0 as? RedisError)?.code == .unavailable }
        try await server.restart()
        #expect(try await client.send(["PING"]) == .status("PONG"))
    }

    @Test func cancellingInterruptsABlockingRead() async throws {
        let server = try await RedisServer.start(.init(certificates: certificates))
        let (reader, other) = (try client(server, timeout: .seconds(60)), try client(server))
        let task = Task { try await reader.send(["XREAD", "BLOCK", "30000", "STREAMS", "stream", "$"]) }
        try await eventually("the reader blocks") {
            try await other.send(["CLIENT", "LIST"]).string?.contains("cmd=xread") ?? false
        }
        let start = ContinuousClock.now
        task.cancel()
        await #expect(throws: RedisError.self) { try await task.value }
        #expect(ContinuousClock.now - start < .seconds(5))
        #expect(try await reader.send(["PING"]) == .status("PONG"))
    }
}
