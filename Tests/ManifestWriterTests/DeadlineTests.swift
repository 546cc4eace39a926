import Catalog
import Events
import FoundationEssentials
import Messaging
import Redis
import RedisBus
import ServiceLifecycle
import TestSupport
import Testing

@testable import ManifestWriter

@Suite struct DeadlineTests {
    @Test func aMediaWhoseStepNeverAnswersFailsOnce() async throws {
        let rig = try await WriterRig()
        let media = (0..<20).map { _ in Media() }
        try await rig.running(2) {
            try await rig.publish(try media.flatMap { [try $0.output($0.ingested), try $0.output($0.metadata)] })
            try await eventually("everything is settled") { try await rig.unsettled() == 0 }
        }
        #expect(try await expire(media + media + media, rig, now: Date()) == 0)
        #expect(try await expire(media + media + media, rig, now: Date(timeIntervalSinceNow: 3700)) == 0)
        #expect(try await rig.events(MediaIngested.self).map(\.data.plan).filter { $0 == [.variants] }.count == 20)
        #expect(try await expire(media, rig, now: Date(timeIntervalSinceNow: 7200)) == 0, "it has another hour")
        #expect(try await expire(media + media + media, rig, now: Date(timeIntervalSinceNow: 7400)) == 20)
        let ends = try await rig.statuses().filter(\.data.status.isTerminal)
        #expect(ends.count == 20 && Set(ends.map(\.data.mediaId)).count == 20)
        let silence = MediaError(.stepTimedOut, "No answer in time from: variants.", step: .variants)
        #expect(ends.allSatisfy { $0.data.error == silence })
        #expect(try await rig.catalog.manifest(media[0].keys)?.error == silence)
        #expect(try await rig.catalog.overdue(now: Date(timeIntervalSinceNow: 1e6), limit: 100).isEmpty)
        await rig.close()
    }

    /// All at once, as many replicas would.
    private func expire(_ media: [Media], _ rig: WriterRig, now: Date) async throws -> Int {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for media in media.shuffled() { group.addTask { try await rig.updates.expire(media.id, now: now) } }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
    }

    @Test func progressKeepsAMediaAlive() async throws {
        let rig = try await WriterRig()
        let media = Media()
        _ = try await rig.bus.commit(try await IngestedHandler(updates: rig.updates).handle(incoming(media.ingested)))
        let first = try await deadline(media, rig)
        try await Task.sleep(for: .milliseconds(5))
        let commit = try await ProgressHandler(updates: rig.updates).handle(incoming(media.progressed(0.1)))
        #expect(try await rig.bus.commit(commit) == .committed)
        let second = try await deadline(media, rig)
        #expect(try await rig.catalog.overdue(now: first, limit: 10).isEmpty)
        #expect(try await !rig.updates.expire(media.id, now: first))
        #expect(try await rig.catalog.overdue(now: second, limit: 10) == [media.id])
        #expect(try await !rig.updates.expire(media.id, now: second), "its work is published once more")
        #expect(try await rig.updates.expire(media.id, now: try await deadline(media, rig)))
        await rig.close()
    }

    /// Nobody watched when its deadline passed: the steps may have been away as well.
    @Test func aDeadlineThatPassedUnwatchedBeginsAnew() async throws {
        let rig = try await WriterRig()
        let media = Media()
        _ = try await rig.bus.commit(try await IngestedHandler(updates: rig.updates).handle(incoming(media.ingested)))
        let first = try await deadline(media, rig)
        let comeBack = first.addingTimeInterval(600)
        #expect(try await !rig.updates.expire(media.id, now: comeBack, watchingSince: comeBack))
        let second = try await deadline(media, rig)
        #expect(second == comeBack.addingTimeInterval(3600))
        #expect(try await rig.catalog.overdue(now: second.addingTimeInterval(-1), limit: 10).isEmpty)
        #expect(try await !rig.updates.expire(media.id, now: second, watchingSince: comeBack), "its work is published once more")
        let third = try await deadline(media, rig)
        #expect(try await rig.updates.expire(media.id, now: third, watchingSince: comeBack))
        #expect(try await rig.catalog.status(media.id)?.error?.code == .stepTimedOut)
        #expect(try await rig.statuses().count == 2)
        await rig.close()
    }

    /// The operator sees whom nobody could see to; here because the manifest cannot be written.
    @Test func whatCannotBeEndedIsCounted() async throws {
        let rig = try await WriterRig(deadline: .milliseconds(10))
        let media = Media()
        _ = try await rig.bus.commit(try await IngestedHandler(updates: rig.updates).handle(incoming(media.ingested)))
        let sweeper = DeadlineSweeper(
            updates: rig.updates, statistics: { _ in [] }, interval: .seconds(5), logger: rig.logger)
        try await eventually("its work is published once more") {
            _ = try await sweeper.sweep(watchingSince: .distantPast)
            return try await rig.events(MediaIngested.self).count == 1
        }
        let place = rig.directory.path + "/store"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try FileManager.default.moveItem(atPath: place, toPath: place + ".away")
        #expect(FileManager.default.createFile(atPath: place, contents: nil))
        let soon = Date().addingTimeInterval(60)
        #expect(try await sweeper.sweep(watchingSince: .distantPast, now: soon) == 0, "whoever decides has time to write")
        let later = soon.addingTimeInterval(60)
        #expect(try await sweeper.sweep(watchingSince: .distantPast, now: later) == 1)
        try FileManager.default.removeItem(atPath: place)
        try FileManager.default.moveItem(atPath: place + ".away", toPath: place)
        #expect(try await sweeper.sweep(watchingSince: .distantPast, now: later) == 0)
        #expect(try await rig.catalog.status(media.id)?.error?.code == .stepTimedOut)
        await rig.close()
    }

    @Test func noClientIsSparedForOurAbsence() async throws {
        let rig = try await WriterRig()
        let media = Media()
        let deadline = Date()
        let created = try MediaRecord.create(
            media.keys, fileName: "cat.jpg", contentType: "image/jpeg", size: 5, deadline: deadline,
            TransitionContext(version: 0, source: "test", trace: .random()))
        #expect(try await rig.bus.commit(created.commit) == .committed)
        let comeBack = deadline.addingTimeInterval(600)
        #expect(try await rig.updates.expire(media.id, now: comeBack, watchingSince: comeBack))
        #expect(try await rig.catalog.status(media.id)?.error?.code == .originalMissing)
        await rig.close()
    }

    private func deadline(_ media: Media, _ rig: WriterRig) async throws -> Date {
        guard case .inFlight(let record)? = try await rig.catalog.entry(media.id)?.entry else {
            throw Failure.permanent("there is no record")
        }
        return record.deadline
    }

    /// The decider died between its decision and the announcement.
    @Test func aDecidedMediaIsAnnouncedBySomebodyElse() async throws {
        let rig = try await WriterRig()
        let media = Media()
        let context = TransitionContext(version: 0, now: Date(timeIntervalSinceNow: -60), source: "test", trace: .random())
        let rules = rig.updates.rules
        let unknown = MediaRecord.recovered(media.keys, rules, context)
        let decided = try #require(try unknown.failed(media.failed(.ingest), rules, context))
        _ = try await rig.bus.commit(decided.commit)
        #expect(try await rig.catalog.status(media.id)?.status == .uploaded)
        #expect(try await rig.updates.expire(media.id, now: Date()))
        #expect(try await rig.catalog.status(media.id)?.status == .failed)
        #expect(try await !rig.updates.expire(media.id, now: Date()))
        #expect(try await rig.statuses().count == 1)
        await rig.close()
    }

    @Test func theSweeperStopsAndSurvivesRedisAway() async throws {
        let rig = try await WriterRig(deadline: .milliseconds(50))
        let media = Media()
        _ = try await rig.bus.commit(try await IngestedHandler(updates: rig.updates).handle(incoming(media.ingested)))
        // What Redis has said must survive its being killed.
        _ = try await rig.redis.send(["CONFIG", "SET", "appendfsync", "always"])
        _ = try await rig.bus.commit(try await CompletedHandler(updates: rig.updates).handle(incoming(media.metadata)))
        rig.server.stop()
        let sweeper = DeadlineSweeper(
            updates: rig.updates, statistics: rig.bus.statistics, interval: .milliseconds(20), logger: rig.logger)
        let group = ServiceGroup(services: [sweeper], logger: rig.logger)
        async let running: Void = group.run()
        try await Task.sleep(for: .milliseconds(200))
        try await rig.server.restart()
        try await rig.running(1) {
            try await rig.silently([.metadata, .variants]) {
                try await eventually("the overdue media failed") { try await rig.catalog.status(media.id)?.status == .failed }
            }
        }
        await group.triggerGracefulShutdown()
        try await running
        await rig.close()
    }
}
