import Catalog
import Events
import FoundationEssentials
import Messaging
import RedisBus
import ServiceLifecycle
import TestSupport
import Testing

@testable import ManifestWriter

/// Who waits in a queue has lost nothing.
@Suite struct BacklogTests {
    private let rules = StepRules()
    private let now = Date()

    private func figures(_ stream: Events.Stream, _ group: Group, readUpTo: Date?, retries: Int = 0) -> StreamStatistics {
        var figures = StreamStatistics(stream: stream, group: group)
        figures.readUpTo = readUpTo
        figures.unreadRetries = retries
        return figures
    }

    private func context(_ time: Date) -> TransitionContext {
        TransitionContext(version: 1, now: time, source: "test", trace: .random())
    }

    @Test func worksQueueIsThatOfTheStepsThatHaveNotAnswered() throws {
        let media = Media()
        let uploaded = MediaRecord.recovered(media.keys, rules, context(now))
        let processing = try #require(try uploaded.ingested(media.ingested, rules, context(now))?.record)
        let half = try #require(try processing.completed(media.metadata, rules, context(now))?.record)
        let ingested = media.ingested
        let event = MediaIngested(
            mediaId: media.id, projectId: ingested.projectId, key: ingested.key, size: 5, etag: "e", kind: .video, format: .mp4,
            fileName: "a.mp4", plan: [.metadata, .transcode])
        let film = try #require(
            try uploaded.ingested(event, rules, context(now))?.record.completed(media.metadata, rules, context(now))?.record)
        let before = now.addingTimeInterval(-1000)
        let cases: [(Events.Stream, Group, held: [MediaRecord])] = [
            (.mediaUploaded, .ingestListener, [uploaded]), (.mediaIngested, .metadata, [processing]),
            (.mediaIngested, .variants, [processing, half]), (.mediaIngested, .manifestWriter, []), (.mediaStatus, .notifier, []),
            (.mediaTranscode, .transcoder, [film]),
        ]
        for (stream, group, held) in cases {
            for unread in [figures(stream, group, readUpTo: before), figures(stream, group, readUpTo: nil, retries: 1)] {
                let backlog = Backlog([unread])
                #expect(
                    [uploaded, processing, half, film].filter(backlog.mayHoldWork) == held, "\(stream.name) \(group.rawValue)")
            }
        }
    }

    @Test func whatTheGroupHasComeByIsNotInTheQueue() throws {
        let media = Media()
        let record = try #require(
            try MediaRecord.recovered(media.keys, rules, context(now)).ingested(media.ingested, rules, context(now))?.record)
        for (seconds, holds) in [(-3600.0, true), (0, true), (59, true), (61, false), (3600, false)] {
            let unread = figures(.mediaIngested, .metadata, readUpTo: now.addingTimeInterval(seconds))
            #expect(Backlog([unread]).mayHoldWork(of: record) == holds, "\(seconds)")
        }
        #expect(!Backlog([figures(.mediaIngested, .metadata, readUpTo: nil)]).mayHoldWork(of: record))
        let again = try #require(try record.driven(rules, context(record.deadline))?.record)
        let unread = figures(.mediaIngested, .metadata, readUpTo: now.addingTimeInterval(3600))
        #expect(Backlog([unread]).mayHoldWork(of: again), "its work was published again later")
    }

    @Test func answersMayWaitForManifestWriterItself() throws {
        let record = MediaRecord.recovered(Media().keys, rules, context(now))
        for stream in [Events.Stream.steps, .mediaIngested] {
            #expect(Backlog([figures(stream, .manifestWriter, readUpTo: record.deadline)]).mayAnswer(record))
            let later = record.deadline.addingTimeInterval(61)
            #expect(!Backlog([figures(stream, .manifestWriter, readUpTo: later)]).mayAnswer(record))
        }
        #expect(!Backlog([figures(.mediaIngested, .metadata, readUpTo: now)]).mayAnswer(record))
    }

    /// The deadline passes many times while the steps are busy with others; then they read, and are silent.
    @Test(.timeLimit(.minutes(1)))
    func manyMediaWaitInTheQueueForLongerThanTheirDeadline() async throws {
        let rig = try await WriterRig(deadline: .milliseconds(100))
        let media = (0..<300).map { _ in Media() }
        try await rig.publish(try media.map { try $0.output($0.ingested) })
        let sweeper = DeadlineSweeper(
            updates: rig.updates, statistics: rig.bus.statistics, interval: .milliseconds(20), logger: rig.logger)
        let group = ServiceGroup(services: [sweeper], logger: rig.logger)
        async let running: Void = group.run()
        try await rig.running(2) {
            try await eventually("all are in processing") { try await rig.statuses().count == media.count }
            let first = try await deadline(media[0], rig)
            try await eventually("the deadline has begun anew five times") {
                try await deadline(media[0], rig) > first.addingTimeInterval(0.5)
            }
            #expect(try await rig.statuses().allSatisfy { $0.data.status == .processing })
            #expect(try await rig.events(MediaIngested.self).count == media.count, "nothing is published again")
            try await rig.silently([.metadata, .variants]) {
                try await eventually("all have failed") { try await rig.statuses().count == 2 * media.count }
            }
        }
        await group.triggerGracefulShutdown()
        try await running
        let ends = try await rig.statuses().filter(\.data.status.isTerminal)
        #expect(ends.count == media.count && ends.allSatisfy { $0.data.error?.code == .stepTimedOut })
        await rig.close()
    }

    private func deadline(_ media: Media, _ rig: WriterRig) async throws -> Date {
        guard case .inFlight(let record)? = try await rig.catalog.entry(media.id)?.entry else {
            throw Failure.permanent("there is no record")
        }
        return record.deadline
    }

    /// manifest-writer has much to read: what was answered in time counts.
    @Test(.timeLimit(.minutes(1)))
    func answersThatWaitToBeReadCount() async throws {
        let rig = try await WriterRig()
        let media = Media()
        _ = try await rig.bus.commit(try await IngestedHandler(updates: rig.updates).handle(incoming(media.ingested)))
        try await rig.publish([try media.output(media.metadata), try media.output(media.variants)])
        let late = Date(timeIntervalSinceNow: 4000)
        for _ in 0..<3 {
            let backlog = Backlog(try await rig.bus.statistics(of: Backlog.streams))
            #expect(try await !rig.updates.expire(media.id, now: late, backlog: backlog))
        }
        #expect(try await rig.events(MediaIngested.self).isEmpty, "it was not driven again")
        try await rig.running(1) {
            try await eventually("it is ready") { try await rig.catalog.status(media.id)?.status == .ready }
        }
        await rig.close()
    }
}
