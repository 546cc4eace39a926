import HTTPServer
import HTTPTypes
import Hummingbird
import NIOCore

/// What orchestrators and Prometheus ask. None of it needs a key: the edge does not pass it on.
struct HealthRoutes: Sendable {
    let readiness: Readiness
    let metrics: @Sendable () async -> String

    func add(to router: Router<MillraceContext>) {
        router.get("livez") { _, _ in try answer(["status": "ok"], .ok) }
        router.get("readyz") { _, _ in
            let report = await readiness.report()
            return try answer(report, report.isReady ? .ok : .serviceUnavailable)
        }
        router.get("metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: await metrics())))
        }
    }

    private func answer(_ value: some Encodable, _ status: HTTPResponse.Status) throws -> Response {
        try jsonResponse(value, status, headers: [.cacheControl: "no-store"])
    }
}
