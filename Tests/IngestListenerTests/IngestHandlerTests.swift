import Events
import Logging
import Messaging
import ObjectStore
import RedisBus
import TestSupport
import Testing

@testable import IngestListener

@Suite struct IngestHandlerTests {
    private static let jpeg: [UInt8] = [0xff, 0xd8, 0xff, 0xe0] + Array(repeating: 7, count: 10_000)

    @Test func publishesThePlanOfAnImage() async throws {
        let rig = try await IngestRig()
        let event = try await rig.upload(Self.jpeg)
        let commit = try await rig.handler.handle(IngestRig.incoming(event))
        let envelope = try #require(commit.events(MediaIngested.self).first)
        #expect(envelope.data.plan == [.metadata, .variants] && envelope.data.format == .jpeg && envelope.data.kind == .image)
        #expect(envelope.data.size == 10_004 && envelope.data.key == event.key && !envelope.data.etag.isEmpty)
        #expect(envelope.id == "\(event.mediaId).ingested" && envelope.source == "/ingest-listener")
        let trace = try #require(TraceParent(rawValue: envelope.traceparent))
        #expect(commit.outputs.count == 1, "nobody has to transcode it")
        #expect(trace != IngestRig.trace && trace.rawValue.prefix(35) == IngestRig.trace.rawValue.prefix(35))
        await rig.close()
    }

    @Test(arguments: [(ftyp("isom"), MediaKind.video, MediaFormat.mp4), (Array("fLaC".utf8), .audio, .flac)])
    func filmsAndSoundsAreTranscoded(_ bytes: [UInt8], _ kind: MediaKind, _ format: MediaFormat) async throws {
        let rig = try await IngestRig()
        let commit = try await rig.handler.handle(IngestRig.incoming(try await rig.upload(bytes)))
        let event = try #require(commit.events(MediaIngested.self).first).data
        #expect(event.plan == [.metadata, .transcode] && event.kind == kind && event.format == format)
        let request = try #require(commit.events(TranscodeRequested.self).first)
        #expect(request.data.media == event && request.id == "\(event.mediaId).ingested.transcode")
        #expect(request.source == "/ingest-listener" && commit.outputs.map(\.stream) == [.mediaIngested, .mediaTranscode])
        await rig.close()
    }

    @Test func refusesWhatItIsNot() async throws {
        let rig = try await IngestRig(allowed: [.jpeg, .webp])
        let cases: [(bytes: [UInt8], declared: Int?, code: MediaError.Code, words: String)] = [
            ([], nil, .emptyFile, "empty"),
            (Self.jpeg, 5, .sizeMismatch, "10004"),
            (Array("<svg onload='alert(1)'>".utf8), nil, .unsupportedMediaType, "an SVG image; only JPEG, WebP"),
            (Array("GIF89a".utf8), nil, .unsupportedMediaType, "a GIF image"),
            (ftyp("isom", "mp42"), nil, .unsupportedMediaType, "an MP4 video"),
            (Array("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:1/\n".utf8), nil, .unsupportedMediaType, "an HLS playlist"),
            (Array("ffconcat version 1.0\nfile /etc/passwd\n".utf8), nil, .unsupportedMediaType, "a concat script"),
        ]
        for (bytes, declared, code, words) in cases {
            let event = try await rig.upload(bytes, declared: declared)
            let failed = try #require(
                try await rig.handler.handle(IngestRig.incoming(event)).events(StepFailed.self).first)
            #expect(failed.data.step == .ingest && failed.data.error.code == code && failed.data.error.step == .ingest)
            #expect(failed.data.error.message.contains(words), "\(failed.data.error.message)")
        }
        await rig.close()
    }

    @Test func aMissingOriginalIsAwaitedForAWhile() async throws {
        let rig = try await IngestRig()
        let event = IngestRig.uploaded()
        for attempt in 1..<OriginalCheck.attemptsUntilMissing {
            await #expect { try await rig.handler.handle(IngestRig.incoming(event, attempt: attempt)) } throws: {
                ($0 as? Failure)?.kind == .transient(delay: nil)
            }
        }
        let last = try await rig.handler.handle(IngestRig.incoming(event, attempt: OriginalCheck.attemptsUntilMissing))
        #expect(last.events(StepFailed.self).map(\.data.error.code) == [.originalMissing])
        await rig.close()
    }

    @Test(arguments: ["", "projects/demo/x/original/a.jpg", "../../etc/passwd", "system/keys/0.json"])
    func aForeignKeyIsNeverRead(key: String) async throws {
        let rig = try await IngestRig()
        for key in [key, IngestRig.uploaded().key] {
            let incoming = IngestRig.incoming(IngestRig.uploaded(key: key))
            await #expect { try await rig.handler.handle(incoming) } throws: { ($0 as? Failure)?.kind == .permanent }
            let commit = try await rig.handler.abandon(incoming, because: .permanent("secret path /var"))
            #expect(commit.events(StepFailed.self).map(\.data.error.message) == ["The original could not be checked."])
        }
        await rig.close()
    }

    @Test func theStoreAwayIsTransient() async throws {
        let rig = try await IngestRig()
        let event = try await rig.upload(Self.jpeg)
        let away = FileStore(root: "/dev/null/store", signingKey: Array(repeating: 1, count: 32), publicURL: "http://127.0.0.1")
        let check = OriginalCheck(store: away, allowed: [.jpeg])
        await #expect { try await check.run(event, attempt: 100) } throws: {
            ($0 as? Failure)?.kind == .transient(delay: nil)
        }
        await rig.close()
    }

    /// Once it is restored the dead letter can be replayed.
    @Test func anArchivedOriginalIsGivenUpAndMayBeJudgedAnew() async throws {
        let rig = try await IngestRig(cold: true)
        let incoming = IngestRig.incoming(try await rig.upload(Self.jpeg))
        let key = incoming.event.key
        for _ in 1...2 { try await rig.store.archive(try #require(try await rig.store.head(key))) }
        let failure = try #require(await #expect(throws: Failure.self) { try await rig.handler.handle(incoming) })
        #expect(failure.kind == .permanent)
        let commit = try await rig.handler.abandon(incoming, because: failure)
        #expect(commit.events(StepFailed.self).map(\.data.error.code) == [.originalArchived])
        #expect(try await rig.bus.commit(commit) == .committed)
        _ = try await rig.store.restore(key)
        #expect(try await rig.handler.handle(incoming).events(MediaIngested.self).count == 1)
        await rig.close()
    }

    @Test func anAbandonedDuplicateFailsNobody() async throws {
        let rig = try await IngestRig()
        let incoming = IngestRig.incoming(try await rig.upload(Self.jpeg))
        let (first, second) = (try await rig.handler.handle(incoming), try await rig.handler.handle(incoming))
        #expect(try await rig.bus.commit(first) == .committed)
        #expect(try await rig.bus.commit(second) == .conflict)
        #expect(try await rig.handler.handle(incoming).isEmpty)
        #expect(try await rig.handler.abandon(incoming, because: .permanent("crashed")).isEmpty)
        await rig.close()
    }

    /// It was given up for want of the store, say, and replayed from the dead letters.
    @Test func whatWasAbandonedMayBeJudgedAnew() async throws {
        let rig = try await IngestRig()
        let incoming = IngestRig.incoming(try await rig.upload(Self.jpeg))
        for _ in 0..<2 {
            let commit = try await rig.handler.abandon(incoming, because: .transient("the store is away"))
            #expect(commit.events(StepFailed.self).map(\.data.error.code) == [.processingFailed])
            #expect(try await rig.bus.commit(commit) == .committed)
        }
        let (first, second) = (try await rig.handler.handle(incoming), try await rig.handler.handle(incoming))
        #expect(first.events(MediaIngested.self).count == 1)
        #expect(try await rig.bus.commit(first) == .committed)
        #expect(try await rig.bus.commit(second) == .conflict)
        #expect(try await rig.handler.handle(incoming).isEmpty)
        await rig.close()
    }

    @Test func aRefusalIsFinal() async throws {
        let rig = try await IngestRig()
        let incoming = IngestRig.incoming(try await rig.upload(Array("text".utf8)))
        #expect(try await rig.bus.commit(try await rig.handler.handle(incoming)) == .committed)
        #expect(try await rig.handler.handle(incoming).isEmpty)
        #expect(try await rig.handler.abandon(incoming, because: .permanent("crashed")).isEmpty)
        await rig.close()
    }

    @Test func duplicatesAreDroppedWhoeverGetsThem() async throws {
        let rig = try await IngestRig()
        var media: [MediaUploaded] = []
        for _ in 0..<40 { media.append(try await rig.upload(Self.jpeg)) }
        for event in (media + media + media).shuffled() {
            _ = try await rig.bus.commit(Commit(event.mediaId, outputs: [try Output(IngestRig.incoming(event).envelope)]))
        }
        try await run(rig, consumers: 3) {
            try await eventually("every entry is settled") { try await pending(rig) == 0 }
        }
        let ingested = try await rig.events(MediaIngested.self)
        #expect(ingested.count == 40 && Set(ingested.map(\.data.mediaId)) == Set(media.map(\.mediaId)))
        await rig.close()
    }

    /// What no consumer has settled yet.
    private func pending(_ rig: IngestRig) async throws -> Int {
        try await rig.bus.statistics(of: [.mediaUploaded]).reduce(0) { $0 + $1.lag + $1.pending }
    }

    private func run(_ rig: IngestRig, consumers: Int, _ body: () async throws -> Void) async throws {
        let running = (0..<consumers).map { _ in
            Consumer(rig.bus, group: .ingestListener, routes: [Route(rig.handler)], logger: Logger(label: "test"))
        }
        try await withThrowingDiscardingTaskGroup { group in
            for consumer in running { group.addTask { await consumer.run() } }
            defer { for consumer in running { consumer.stop() } }
            try await body()
        }
    }
}
