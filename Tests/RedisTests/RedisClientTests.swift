import Redis
import TestSupport
import Testing

@Suite struct RedisClientTests {
    let server: RedisServer
    let client: RedisClient

    init() async throws {
        server = try await RedisServer.start()
        client = RedisClient(server.url, name: "test client")
    }

    @Test func readsEveryKindOfReply() async throws {
        #expect(try await client.send(["SET", "key", "väl\0ue"]) == .status("OK"))
        #expect(try await client.send(["GET", "key"]) == .string("väl\0ue"))
        #expect(try await client.send(["GET", "none"]) == .null)
        #expect(try await client.send(["INCRBY", "n", "-5"]) == .integer(-5))
        #expect(try await client.send(["SET", "", ""]) == .status("OK"))
        #expect(try await client.send(["MGET", "key", "none", ""]) == .array([.string("väl\0ue"), .null, .string("")]))
        #expect(try await client.send(["EVAL", "return {1, {'a', {}}}", "0"]) == .array([1, .array(["a", .array([])])]))
    }

    @Test func throwsErrorRepliesOfOneCommandAndReturnsThoseOfAPipeline() async throws {
        await #expect { try await client.send(["NOSUCH"]) } throws: { ($0 as? RedisError)?.code == .server }
        let replies = try await client.pipeline([["SET", "a", "1"], ["LPUSH", "a", "2"], ["GET", "a"]])
        #expect(replies[0] == .status("OK"))
        #expect(replies[1].error?.hasPrefix("WRONGTYPE") == true)
        #expect(replies[2] == .string("1"))
        #expect(try await client.pipeline([[String]]()) == [])
        await #expect { try await client.send([]) } throws: { ($0 as? RedisError)?.code == .invalid }
    }

    @Test func givesEachOfManyCallersItsOwnReply() async throws {
        try await withThrowingTaskGroup { tasks in
            for number in 0..<2000 {
                tasks.addTask { try await (number, client.send(["ECHO", "\(number)"])) }
            }
            for try await (number, reply) in tasks { #expect(reply == .string("\(number)")) }
        }
    }

    @Test func sendsLargeValues() async throws {
        let value = String(repeating: "0123456789abcdef", count: 1 << 19)
        _ = try await client.send(["SET", "large", value])
        #expect(try await client.send(["GET", "large"]) == .string(value))
    }

    @Test func sendsBehindWhatTheSocketTakesAtOnceTheRest() async throws {
        _ = try await client.send(["PING"])
        // Far more than a socket takes without waiting.
        let value = String(repeating: "0123456789abcdef", count: 1 << 21)
        _ = try await client.send(["SET", "larger", value])
        #expect(try await client.send(["STRLEN", "larger"]) == .integer(1 << 25))
    }

    @Test func failsWhileTheServerIsAwayAndReconnects() async throws {
        // Otherwise what it has acknowledged may die with it.
        _ = try await client.send(["CONFIG", "SET", "appendfsync", "always"])
        _ = try await client.send(["SET", "kept", "yes"])
        server.stop()
        for _ in 1...3 {
            await #expect { try await client.send(["PING"]) } throws: { ($0 as? RedisError)?.code == .unavailable }
        }
        try await server.restart()
        #expect(try await client.send(["GET", "kept"]) == .string("yes"))
    }

    @Test func neverRepeatsACommandWhoseConnectionBroke() async throws {
        let id = try #require(try await client.send(["CLIENT", "ID"]).integer)
        let commands = [["INCR", "count"], ["CLIENT", "KILL", "ID", "\(id)", "SKIPME", "no"], ["INCR", "count"]]
        await #expect(throws: RedisError.self) { try await client.pipeline(commands) }
        #expect(try await client.send(["GET", "count"]) == .string("1"))
    }

    @Test func timesOut() async throws {
        let impatient = RedisClient(server.url, name: "impatient", commandTimeout: .milliseconds(100))
        _ = try await impatient.send(["PING"])
        await #expect { try await impatient.send(["DEBUG", "SLEEP", "0.5"]) } throws: { ($0 as? RedisError)?.code == .timeout }
        try await eventually("the client works again") { (try? await impatient.send(["PING"])) == .status("PONG") }
    }

    @Test func cancellingInterruptsABlockingRead() async throws {
        let reader = RedisClient(server.url, name: "reader", commandTimeout: .seconds(60))
        let task = Task { try await reader.send(["XREAD", "BLOCK", "30000", "STREAMS", "stream", "$"]) }
        try await eventually("the reader blocks") {
            try await client.send(["CLIENT", "LIST"]).string?.contains("cmd=xread") ?? false
        }
        let start = ContinuousClock.now
        task.cancel()
        await #expect(throws: RedisError.self) { try await task.value }
        #expect(ContinuousClock.now - start < .seconds(5))
        #expect(try await reader.send(["PING"]) == .status("PONG"))
    }

    @Test func aCancelledTaskMaySendWhatDoesNotBlock() async throws {
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await client.send(["PING"])
        }
        #expect(try await task.value == .status("PONG"))
        let blocking = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await client.send(["XREAD", "BLOCK", "3000", "STREAMS", "stream", "$"])
        }
        await #expect(throws: RedisError.self) { try await blocking.value }
    }

    @Test func authenticatesAndSelects() async throws {
        _ = try await client.send(["ACL", "SETUSER", "anna", "on", ">p@ss", "~*", "+@all"])
        let address = "127.0.0.1:\(server.url.port)"
        let anna = RedisClient(try RedisURL("redis://anna:p%40ss@\(address)/2"), name: "anna")
        _ = try await anna.send(["SET", "here", "1"])
        #expect(try await client.send(["GET", "here"]) == .null)
        #expect(try await anna.send(["ACL", "WHOAMI"]) == .string("anna"))
        let wrong = RedisClient(try RedisURL("redis://anna:wrong@\(address)"), name: "wrong")
        await #expect {
            try await wrong.send(["PING"])
        } throws: {
            ($0 as? RedisError)?.code == .server && !"\($0)".contains("wrong@")
        }
    }

    @Test func reportsAnUnknownHost() async throws {
        let lost = RedisClient(try RedisURL("redis://nowhere.invalid"), name: "lost")
        await #expect { try await lost.send(["PING"]) } throws: { ($0 as? RedisError)?.code == .unavailable }
    }
}

extension RedisValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    /// For short expectations.
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// For short expectations.
    public init(stringLiteral value: String) { self = .string(value) }
}
