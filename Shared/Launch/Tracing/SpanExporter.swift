import HTTPClient
import Logging
import Messaging
import Metrics
import ServiceLifecycle
import Traces

/// Sends the process' spans to a collector by OTLP/HTTP (JSON), in batches; what cannot be sent in time is dropped and counted.
struct SpanExporter: Service {
    let settings: TraceSettings
    let service: String
    let logger: Logger
    var interval: Duration = .seconds(2)
    private let queue: SpanQueue
    private let client = HTTPClient()
    private static let batch = 512

    init(_ settings: TraceSettings, service: String, logger: Logger, queue: SpanQueue = SpanQueue()) {
        self.settings = settings
        self.service = service
        self.logger = logger
        self.queue = queue
    }

    func run() async throws {
        Spans.send(to: queue.add)
        defer { Spans.send(to: nil) }
        await cancelWhenGracefulShutdown {
            // What is left when this is cancelled is sent below.
            while (try? await Task.sleep(for: interval)) != nil { await sendAll() }
        }
        // What ended while everything else drained.
        await Task { await sendAll() }.value
        await client.close()
    }

    private func sendAll() async {
        while true {
            let (spans, dropped) = queue.take(atMost: Self.batch)
            if dropped > 0 { count("dropped", dropped) }
            guard !spans.isEmpty else { return }
            await send(spans)
            if spans.count < Self.batch { return }
        }
    }

    private func send(_ spans: [Span]) async {
        do {
            let resource = ["service.name": service, "service.namespace": "millrace", "service.version": millraceVersion]
            let request = HTTPClient.Request(
                "POST", settings.endpoint,
                headers: [("Content-Type", "application/json")] + settings.headers.map { ($0.name, $0.value.revealed) },
                body: .bytes(try OTLPTraces(spans, resource: resource).encoded()), timeout: .seconds(5),
                maxResponseBytes: 64 << 10)
            let status = try await client.send(request).status
            count(status / 100 == 2 ? "sent" : "refused", spans.count)
            if status / 100 != 2 { logger.debug("the collector refuses spans", metadata: ["status": "\(status)"]) }
        } catch {
            count("unreachable", spans.count)
            logger.debug("the collector does not answer", metadata: ["error": "\(error)"])
        }
    }

    private func count(_ outcome: String, _ spans: Int) {
        Counter(label: "millrace_spans_total", dimensions: [("outcome", outcome)]).increment(by: Int64(spans))
    }
}
