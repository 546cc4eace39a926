import Events
import HTTPClient
import HTTPServer
import Hummingbird
import Messaging
import NIOCore
import Redis
import RedisBus
import ServiceLifecycle
import TestSupport
import Testing

@testable import Launch

@Suite struct AssemblyTests {
    @Test func redisMayComeLater() async throws {
        let redis = try await RedisServer.start()
        redis.stop()
        try await RunningService.run(redis: "redis://127.0.0.1:\(redis.url.port)") { service in
            try await eventually("HTTP answers") { (try? await service.get("/livez").status) == 200 }
            #expect(try await service.get("/livez").body == #"{"status":"ok"}"#)
            let unready = try await service.get("/readyz")
            #expect(unready.status == 503 && unready.body.contains(#"{"name":"redis","reason":"#))
            #expect(unready.body.contains(#"{"name":"store","status":"ok"}"#) && unready.body.hasSuffix(#""status":"unready"}"#))
            #expect(await selfCheck(host: "0.0.0.0", port: service.port) == unready.body)
            try await redis.restart()
            try await eventually("ready") { try await service.get("/readyz").status == 200 }
            #expect(await selfCheck(host: "127.0.0.1", port: service.port) == nil)
        }
    }

    @Test func nobodyThereIsNotHealthy() async throws {
        let port = try freePort()
        #expect(await selfCheck(host: "127.0.0.1", port: port) == "nobody answers at 127.0.0.1:\(port)")
    }

    @Test func metricsTellOfTheBus() async throws {
        let redis = try await RedisServer.start()
        let media = MediaID.generate()
        let project = try #require(ProjectID("demo"))
        try await RunningService.run(
            redis: "\(redis.url)",
            work: { boot in
                let event = MediaProgress(mediaId: media, projectId: project, step: .metadata, state: .running, progress: 0)
                let output = try Output(Envelope(event, source: "test", trace: .random()), on: .mediaIngested)
                #expect(try await boot.bus.commit(Commit(media, outputs: [output])) == .committed)
                return []
            }
        ) { service in
            try await eventually("the lag is seen") {
                (try? await service.get("/metrics").body)?.contains(
                    #"millrace_bus_lag{group="metadata",stream="media.ingested"} 1"#) == true
            }
            let text = try await service.get("/metrics").body
            #expect(text.contains("millrace_redis_memory_max_bytes 0\n"))
            let used = text.split(separator: "\n").first { $0.hasPrefix("millrace_redis_memory_used_bytes ") }
            #expect(used?.split(separator: " ").last.flatMap { Double($0) }.map { $0 > 100_000 } == true)
            #expect(text.contains("millrace_bus_up 1\n") && text.contains("process_resident_memory_bytes "))
            #expect(text.contains(#"millrace_http_requests_total{method="GET",route="/metrics",status="200"}"#))
            _ = try await service.get("/nothing/\(media)")
            let after = try await service.get("/metrics").body
            #expect(after.contains(#"millrace_http_requests_total{method="any",route="none",status="404"}"#))
            #expect(!after.contains(media.rawValue))
        }
    }

    @Test func anEvictingRedisIsRefused() async throws {
        let redis = try await RedisServer.start()
        let client = RedisClient(redis.url, name: "test")
        _ = try await client.send(["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"])
        await client.close()
        let error = await #expect(throws: UnfitRedis.self) {
            try await RunningService.run(redis: "\(redis.url)") { _ in try await Task.sleep(for: .seconds(30)) }
        }
        #expect(error?.description.contains("allkeys-lru") == true)
    }

    @Test func aTakenPortEndsTheService() async throws {
        let redis = try await RedisServer.start()
        try await RunningService.run(redis: "\(redis.url)") { first in
            try await eventually("HTTP answers") { (try? await first.get("/livez").status) == 200 }
            let error = await #expect(throws: ListenError.self) {
                try await RunningService.run(redis: "\(redis.url)", port: first.port) { _ in
                    try await Task.sleep(for: .seconds(30))
                }
            }
            #expect(error?.description == "cannot listen on 127.0.0.1:\(first.port): Address already in use")
        }
    }

    /// The worker's end, not the process', decides: `/readyz` is 503 and HTTP still answers while work drains.
    @Test func httpStopsLast() async throws {
        let redis = try await RedisServer.start()
        let mayEnd = Once<Void>()
        try await RunningService.run(redis: "\(redis.url)", work: { _ in [Lingering(until: mayEnd)] }) { service in
            try await eventually("ready") { (try? await service.get("/readyz").status) == 200 }
            await service.group.triggerGracefulShutdown()
            try await eventually("stopping") { try await service.get("/readyz").body.contains("stopping") }
            #expect(try await service.get("/livez").status == 200)
            mayEnd.resolve(.success(()))
        }
    }

    /// Five seconds after the grace period everything that still runs is cancelled.
    @Test(.timeLimit(.minutes(1))) func aStreamThatNeverEndsDoesNotHoldTheProcess() async throws {
        let redis = try await RedisServer.start()
        let extra = ["MILLRACE_GRACE": "0s"]
        try await RunningService.run(
            redis: "\(redis.url)", extra,
            work: { boot in
                boot.httpRouter.get("endless") { _, _ in
                    Response(
                        status: .ok,
                        body: ResponseBody { writer in
                            try await writer.write(ByteBuffer(string: "first"))
                            try await Task.sleep(for: .seconds(600))
                        })
                }
                return []
            }
        ) { service in
            try await eventually("HTTP answers") { (try? await service.get("/livez").status) == 200 }
            let client = HTTPClient()
            var chunks = try await client.stream(.init("GET", service.address + "/endless", timeout: nil)).chunks
                .makeAsyncIterator()
            #expect(try await chunks.next() == Array("first".utf8))
            await service.group.triggerGracefulShutdown()
            await #expect(throws: (any Error).self) { while try await chunks.next() != nil {} }
            await client.close()
        }
    }
}

/// Takes its time to drain.
private struct Lingering: Service {
    let until: Once<Void>
    func run() async throws {
        try? await gracefulShutdown()
        try await until.value()
    }
}
