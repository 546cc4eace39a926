import Events
import FoundationEssentials
import Messaging
import TestSupport
import Testing

@testable import Transcoder

@Suite struct ProgressTests {
    private let bus = MemoryBus()

    private func progress(pulse: Duration, on bus: (any Bus)? = nil) throws -> Progress {
        let event = MediaIngested(
            mediaId: .generate(), projectId: try #require(ProjectID("demo")), key: "k", size: 1, etag: "e", kind: .video,
            format: .mp4, fileName: "a.mp4", plan: [.transcode])
        let envelope = Envelope(event, id: "cause", source: "test", trace: .random())
        return Progress(Incoming(envelope: envelope, attempt: 1), bus ?? (self.bus as any Bus), pulse: pulse)
    }

    private var told: [StepProgress] {
        get async throws {
            try await bus.published(on: .steps).map {
                try EventCoding.decode(Envelope<StepProgress>.self, from: Data($0.utf8)).data
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func whoIsSilentSaysThatItLives() async throws {
        let progress = try progress(pulse: .milliseconds(20))
        try await progress.alive {
            try await eventually("it was heard of three times") { try await self.told.count >= 3 }
        }
        #expect(try await told.allSatisfy { $0.progress == 0 && $0.result == nil })
        let count = try await told.count
        try await Task.sleep(for: .milliseconds(100))
        #expect(try await told.count <= count + 1, "it has ended")
    }

    @Test func whoFailsAtOnceWasHeardOf() async throws {
        let progress = try progress(pulse: .seconds(20))
        await #expect(throws: Failure.self) { try await progress.alive { throw Failure.transient("no room", .fullDisk) } }
        #expect(try await told.map(\.progress) == [0])
    }

    @Test(.timeLimit(.minutes(1))) func nothingIsToldTwiceASecond() async throws {
        let progress = try progress(pulse: .seconds(20))
        let result = TranscodeResult(
            hls: "a", dash: "b", duration: 1, renditions: [], sounds: [], subtitles: [], isComplete: false)
        let start = ContinuousClock.now
        for share in 1...50 { await progress.tell(Double(share) / 100) }
        try await progress.tell(result)
        #expect(ContinuousClock.now - start >= .milliseconds(999))
        await progress.tell(0.9)
        #expect(try await told.map(\.progress) == [0.01, 0.01])
        #expect(try await told.last?.result == .transcode(result))
    }

    /// The bus is away when it is told first.
    @Test(.timeLimit(.minutes(1))) func whatCanBePlayedIsToldUntilItWasHeard() async throws {
        let progress = try progress(pulse: .milliseconds(20), on: LateBus(bus: bus))
        let result = TranscodeResult(
            hls: "a", dash: "b", duration: 1, renditions: [], sounds: [], subtitles: [], isComplete: false)
        try await progress.tell(result)
        #expect(try await told.isEmpty)
        try await progress.alive {
            try await eventually("it was heard of three times") { try await self.told.count >= 3 }
        }
        let heard = try await told.prefix(3).map(\.result)
        let expected: [StepResult?] = [.transcode(result), nil, nil]
        #expect(heard == expected)
    }

    /// Refuses the first commit.
    private actor LateBus: Bus {
        let bus: MemoryBus
        var isAway = true

        init(bus: MemoryBus) { self.bus = bus }

        func commit(_ commit: Commit) async throws(BusError) -> CommitResult {
            defer { isAway = false }
            if isAway { throw BusError("away") }
            return await bus.commit(commit)
        }

        func subscribe(_ group: Group, to streams: [Events.Stream]) async throws(BusError) -> any Subscription {
            try await bus.subscribe(group, to: streams)
        }
    }
}
