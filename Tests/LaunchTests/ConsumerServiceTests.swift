import Events
import HTTPServer
import Logging
import Messaging
import RedisBus
import ServiceLifecycle
import TestSupport
import Testing

@testable import Launch

/// Says when it has begun, and ends when it is told to.
private struct Slow: Handler {
    let begun: Once<Void>
    let mayEnd: Once<Void>

    func handle(_ incoming: Incoming<MediaUploaded>) async throws -> Commit {
        begun.resolve(.success(()))
        try await mayEnd.value()
        return .nothing
    }
}

@Suite struct ConsumerServiceTests {
    @Test func whatIsInFlightIsSettledBeforeTheEnd() async throws {
        let redis = try await RedisServer.start()
        let (begun, mayEnd) = (Once<Void>(), Once<Void>())
        let bus = RedisBus(url: redis.url, logger: .init(label: "test"))
        try await RunningService.run(
            redis: "\(redis.url)",
            work: { boot in
                [boot.consumer(.ingestListener, [Route(Slow(begun: begun, mayEnd: mayEnd))])]
            }
        ) { service in
            try await publish(on: bus)
            try await begun.value()
            #expect(try await bus.statistics(of: [.mediaUploaded]).first?.pending == 1)
            await service.group.triggerGracefulShutdown()
            try await eventually("stopping") { try await service.get("/readyz").body.contains("stopping") }
            mayEnd.resolve(.success(()))
        }
        let figures = try #require(try await bus.statistics(of: [.mediaUploaded]).first)
        #expect(figures.pending == 0 && figures.lag == 0 && figures.deadLetters == 0 && figures.consumers == 0)
        await bus.close()
    }

    @Test func aStopBeforeRedisIsFoundEndsAtOnce() async throws {
        let port = try freePort()
        let start = ContinuousClock.now
        try await RunningService.run(
            redis: "redis://127.0.0.1:\(port)",
            work: { boot in
                [boot.consumer(.ingestListener, [Route(Slow(begun: Once(), mayEnd: Once()))])]
            }
        ) { service in
            try await eventually("HTTP answers") { (try? await service.get("/livez").status) == 200 }
        }
        #expect(ContinuousClock.now - start < .seconds(15))
    }

    private func publish(on bus: RedisBus) async throws {
        let media = MediaID.generate()
        let project = try #require(ProjectID("demo"))
        let event = MediaUploaded(mediaId: media, projectId: project, key: "k", size: 1, contentType: "image/jpeg", fileName: "f")
        let output = try Output(Envelope(event, source: "test", trace: .random()))
        #expect(try await bus.commit(Commit(media, outputs: [output])) == .committed)
    }
}
