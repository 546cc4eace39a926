import Events
import Hummingbird
import Logging
import Messaging
import Testing

@testable import HTTPServer

@Suite struct RequestIdentityTests {
    @Test(arguments: ["abc", "A-b_9", String(repeating: "x", count: 64)])
    func aSaneIdIsAnsweredBack(_ id: String) async throws {
        try await withServer { port async throws in
            #expect(try await ask(port, path: "/", headers: ["X-Request-Id: \(id)"])["x-request-id"] == id)
        }
    }

    @Test(arguments: ["", "a b", "a;b", "é", "../x", String(repeating: "x", count: 65), "<script>"])
    func anotherIsReplaced(_ id: String) async throws {
        try await withServer { port async throws in
            let answer = try await ask(port, path: "/", headers: ["X-Request-Id: \(id)"])
            let given = try #require(answer["x-request-id"])
            #expect(given != id && given.utf8.count == 16)
        }
    }

    @Test func theTraceGoesOn() async throws {
        let trace = TraceParent.random()
        try await withServer(routes: { router in
            router.get("trace/:mediaId") { _, context in
                "\(context.trace.span.rawValue) \(LogContext.current?.traceparent ?? "") \(LogContext.current?.mediaId ?? "")"
            }
        }) { port async throws in
            let media = MediaID.generate().rawValue
            let headers = ["traceparent: \(trace.rawValue)"]
            let seen = try await ask(port, path: "/trace/\(media)", headers: headers).body.split(separator: " ")
            #expect(seen[0].split(separator: "-")[1] == trace.rawValue.split(separator: "-")[1])
            #expect(seen[0] != trace.rawValue && seen[1] == seen[0] && seen[2] == media)
            let fresh = try await ask(port, path: "/trace/x", headers: ["traceparent: 00-zz"]).body.split(separator: " ")
            #expect(TraceParent(rawValue: String(fresh[0])) != nil && fresh.count == 2)
        }
    }

    @Test func aRequestJoinsTheTraceOfWhatItIsAboutUnlessItsClientNamesOne() async throws {
        let (media, client) = (TraceParent.random(), TraceParent.random())
        let log = try await withServer(routes: { router in
            router.get("join") { _, context in
                context.trace.join(nil)
                context.trace.join(media)
                context.trace.join(.random())
                return "\(context.trace.span.traceId) \(context.trace.parent?.rawValue ?? "none")"
            }
        }) { port async throws in
            #expect(try await ask(port, path: "/join").body == "\(media.traceId) \(media.rawValue)")
            let headers = ["traceparent: \(client.rawValue)"]
            #expect(try await ask(port, path: "/join", headers: headers).body == "\(client.traceId) \(client.rawValue)")
        }
        let traces = log.filter { $0.message == "request" }.compactMap { $0.metadata["traceparent"].flatMap(TraceParent.init) }
        #expect(traces.map(\.traceId) == [media.traceId, client.traceId] && !traces.contains(media))
    }

    @Test func theAccessLogTellsNoSecrets() async throws {
        let log = try await withServer(routes: { $0.get("files/**") { _, _ in "12345" } }) { port async throws in
            _ = try await ask(
                port, path: "/files/a?signature=topsecret", headers: ["Authorization: Bearer topsecret", "X-Request-Id: r1"])
            _ = try await ask(port, path: "/nothing?x=topsecret")
        }
        let line = try #require(log.first { $0.metadata["path"] == "/files/a" })
        #expect(line.level == .info && line.message == "request")
        #expect(line.metadata["method"] == "GET" && line.metadata["status"] == "200" && line.metadata["bytes"] == "5")
        #expect(
            line.metadata["requestId"] == "r1" && line.metadata["traceparent"] != nil && Int(line.metadata["ms"] ?? "") != nil)
        #expect(log.contains { $0.metadata["path"] == "/nothing" && $0.metadata["status"] == "404" })
        #expect(!"\(log)".contains("topsecret"))
    }
}
