import Events
import FoundationEssentials
import HTTPServer
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing
import Traces

@testable import Launch

/// Spans on their way to a collector: a real server on loopback.
@Suite(.serialized, .timeLimit(.minutes(2))) struct SpanExporterTests {
    private func settings(_ variables: [String: String]) throws -> TraceSettings? {
        try TraceSettings(Environment(variables))
    }

    @Test func theEnvironmentNamesTheCollector() throws {
        #expect(try settings([:]) == nil)
        let found = try #require(
            try settings([
                "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318/", "OTEL_EXPORTER_OTLP_HEADERS": "x-key=a=b,other=1",
            ]))
        #expect(found.endpoint == "http://collector:4318/v1/traces")
        #expect(found.headers.map(\.name) == ["x-key", "other"] && found.headers[0].value.revealed == "a=b")
        #expect(throws: SettingsError.self) { try settings(["OTEL_EXPORTER_OTLP_ENDPOINT": "collector"]) }
        #expect(throws: SettingsError.self) {
            try settings(["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_EXPORTER_OTLP_HEADERS": "nonsense"])
        }
    }

    @Test func aRequestsSpanArrives() async throws {
        let (redis, collector) = (try await RedisServer.start(), try await Collector.start())
        let trace = TraceParent.random()
        let extra = [
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_EXPORTER_OTLP_HEADERS": "x-key=secret",
        ]
        try await RunningService.run(redis: "\(redis.url)", extra) { service in
            try await eventually("ready") { (try? await service.get("/readyz").status) == 200 }
            _ = try await service.get("/nothing", headers: [("traceparent", trace.rawValue)])
        }
        // It is sent at the latest when the service ends.
        let span = try #require(collector.spans.first { $0.traceId == trace.traceId })
        #expect(span.parentSpanId == trace.spanId && span.name == "GET" && span.kind == 2)
        #expect(!collector.spans.contains { $0.name.contains("readyz") })
        #expect(collector.keys == ["secret"] && collector.services == ["test"])
        await collector.stop()
    }

    @Test func aCollectorThatIsAwayCostsNothingButItsSpans() async throws {
        let settings = try #require(
            try settings(["OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:\(try freePort())"]))
        let queue = SpanQueue(limit: 4)
        var exporter = SpanExporter(settings, service: "test", logger: Logger(label: "test"), queue: queue)
        exporter.interval = .milliseconds(20)
        let group = ServiceGroup(services: [exporter], logger: Logger(label: "test"))
        async let running: Void = group.run()
        for _ in 0..<9 { queue.add(Span("lost", .client, trace: .random(), parent: nil, start: 1, end: 2)) }
        try await eventually("they are counted") {
            let text = sharedMetrics.prometheusText()
            return text.contains(#"millrace_spans_total{outcome="unreachable"}"#)
                && text.contains(#"millrace_spans_total{outcome="dropped"}"#)
        }
        await group.triggerGracefulShutdown()
        try await running
    }
}

/// Keeps what it is sent.
private final class Collector: Sendable {
    struct SentSpan: Decodable {
        let traceId: String
        let parentSpanId: String?
        let name: String
        let kind: Int
    }

    private struct Sent: Decodable {
        struct Resource: Decodable {
            struct Attribute: Decodable {
                struct Value: Decodable { let stringValue: String }
                let key: String
                let value: Value
            }
            let attributes: [Attribute]
        }
        struct Scope: Decodable { let spans: [SentSpan] }
        struct Group: Decodable {
            let resource: Resource
            let scopeSpans: [Scope]
        }
        let resourceSpans: [Group]
    }

    private struct Heard {
        var sent: [Sent] = []
        var keys: Set<String> = []
    }

    private let heard = Mutex(Heard())
    private let port = Mutex(0)
    private let group = Mutex<ServiceGroup?>(nil)

    var url: String { "http://127.0.0.1:\(port.withLock { $0 })" }
    var keys: Set<String> { heard.withLock(\.keys) }
    var spans: [SentSpan] { heard.withLock { $0.sent.flatMap(\.resourceSpans).flatMap(\.scopeSpans).flatMap(\.spans) } }
    var services: Set<String> {
        let all = heard.withLock { $0.sent.flatMap(\.resourceSpans).flatMap(\.resource.attributes) }
        return Set(all.filter { $0.key == "service.name" }.map(\.value.stringValue))
    }

    static func start() async throws -> Collector {
        let collector = Collector()
        let router = makeRouter()
        router.post("v1/traces") { request, _ in
            let body = try await request.body.collect(upTo: 1 << 20)
            let sent = try JSONDecoder().decode(Sent.self, from: Data(body.readableBytesView))
            collector.heard.withLock { heard in
                heard.sent.append(sent)
                if let name = HTTPField.Name("x-key"), let key = request.headers[name] { heard.keys.insert(key) }
            }
            return Response(status: .ok)
        }
        let logger = Logger(label: "collector", factory: { _ in SwiftLogNoOpLogHandler() })
        let server = HTTPService(router: router, host: "127.0.0.1", port: 0, logger: logger)
        let group = ServiceGroup(services: [server], logger: logger)
        collector.group.withLock { $0 = group }
        Task { try await group.run() }
        let number = try await server.boundPort()
        collector.port.withLock { $0 = number }
        return collector
    }

    func stop() async { await group.withLock { $0 }?.triggerGracefulShutdown() }
}
