import Access
import Events
import FoundationEssentials
import HTTPClient
import Redis
import Synchronization
import TestSupport
import Testing

@testable import Notifier

@Suite(.timeLimit(.minutes(2))) struct FeedTests {
    private func statuses(_ revisions: ClosedRange<Int>, in project: ProjectID = Sample.project) -> [MediaStatusChanged] {
        revisions.map { Sample.status(in: project, revision: $0) }
    }

    @Test func tellsEventsOfTheProjectWithLinks() async throws {
        let stage = try await Stage()
        let replica = try await Replica(stage)
        var subscriber = Subscriber(stage)
        let mine = Sample.status(revision: 2)
        try await subscriber.listen(to: replica.url) {
            try await stage.announce([Sample.status(in: Sample.projectID("other"), revision: 1), mine])
        } until: {
            !$0.events.isEmpty
        }
        let event = try #require(subscriber.events.first)
        #expect(event.name == "media.status")
        #expect(
            try EventCoding.decode(MediaStatusChanged.self, from: Data(event.data.utf8))
                == mine.linked(publicURL: "https://cdn.test"))
        #expect(StreamID(event.id) != nil)
        try await replica.stop()
    }

    @Test func answersAsAnEventStream() async throws {
        let stage = try await Stage()
        let replica = try await Replica(stage)
        let url = "\(replica.url)/api/v2/events"
        let response = try await stage.http.stream(
            .init("GET", "\(url)?projectId=demo", headers: [("Authorization", "Bearer \(stage.token)")]))
        #expect(response.header("content-type")?.hasPrefix("text/event-stream") == true)
        #expect(response.header("cache-control") == "no-store")
        #expect(response.header("x-accel-buffering") == "no")
        #expect(try await stage.request("GET", url).status == 422)
        #expect(try await stage.request("GET", "\(url)?projectId=demo&mediaId=x").status == 422)
        #expect(try await stage.request("GET", "\(url)?projectId=other").status == 403)
        #expect(try await stage.request("GET", "\(url)?projectId=demo", token: "wrong").status == 401)
        try await replica.stop()
    }

    @Test func filtersByMedia() async throws {
        let stage = try await Stage()
        let replica = try await Replica(stage)
        let wanted = Sample.status(revision: 7)
        var subscriber = Subscriber(stage, query: "projectId=demo&mediaId=\(wanted.mediaId)")
        try await subscriber.listen(to: replica.url) {
            try await stage.announce(statuses(1...3) + [wanted])
        } until: {
            !$0.events.isEmpty
        }
        #expect(subscriber.revisions == [7])
        try await replica.stop()
    }

    /// Far more events than memory holds, with reconnects in the middle, between two replicas, while events keep coming.
    @Test(arguments: [1, 3]) func resumesWithoutGapOrDuplicate(partitions: Int) async throws {
        let stage = try await Stage()
        var options = Replica.Options()
        options.partitions = partitions
        let replicas = [try await Replica(stage, options), try await Replica(stage, options)]
        let total = 3000
        let publisher = Mutex<Task<Void, any Error>?>(nil)
        var subscriber = Subscriber(stage)
        var connections = 0
        while subscriber.revisions.count < total {
            let goal = subscriber.events.count + Int.random(in: 1...700)
            try await subscriber.listen(to: replicas[connections % 2].url) {
                publisher.withLock { task in
                    task =
                        task
                        ?? Task {
                            for start in stride(from: 1, through: total, by: 50) {
                                try await stage.announce(statuses(start...start + 49), partitions: partitions)
                            }
                        }
                }
            } until: {
                $0.events.count >= goal || $0.events.count >= total
            }
            connections += 1
        }
        try await publisher.withLock { $0 }?.value
        #expect(connections > 4)
        #expect(subscriber.revisions.sorted() == Array(1...total))
        #expect(subscriber.events.allSatisfy { $0.name == "media.status" })
        if partitions == 1 { #expect(subscriber.revisions == Array(1...total)) }
        for replica in replicas { try await replica.stop() }
    }

    @Test func resumesFromBeforeTheProcessStarted() async throws {
        let stage = try await Stage()
        try await stage.announce(statuses(1...500))
        let first = try await stage.client.send(["XRANGE", FeedArchive.key(0), "-", "+", "COUNT", "1"])
        let id = try #require(first.array?.first?.array?.first?.string)
        let replica = try await Replica(stage)
        var subscriber = Subscriber(stage, lastEventID: id)
        try await subscriber.listen(to: replica.url) {
            try await stage.announce(statuses(501...520))
        } until: {
            $0.events.count >= 519
        }
        #expect(subscriber.revisions == Array(2...520))
        var fromQuery = Subscriber(stage, query: "projectId=demo&lastEventId=\(id)")
        try await fromQuery.listen(to: replica.url) { $0.events.count >= 519 }
        #expect(fromQuery.revisions == Array(2...520))
        try await replica.stop()
    }

    @Test(arguments: ["garbage", "1-0", "99999999999999-0", "1-0,2-0", "-1"])
    func anUnknownIdIsAReset(id: String) async throws {
        let stage = try await Stage()
        try await stage.announce(statuses(1...3))
        let replica = try await Replica(stage)
        var subscriber = Subscriber(stage, lastEventID: id)
        try await subscriber.listen(to: replica.url) { $0.events.first?.name == "reset" }
        #expect(subscriber.events.map(\.name) == ["reset"])
        try await subscriber.listen(to: replica.url) {
            try await stage.announce(statuses(4...4))
        } until: {
            $0.revisions == [4]
        }
        try await replica.stop()
    }

    @Test func aTrimmedIdIsAReset() async throws {
        let stage = try await Stage()
        try await stage.announce(statuses(1...20))
        let range = try await stage.client.send(["XRANGE", FeedArchive.key(0), "-", "+"])
        let ids = range.array?.compactMap { $0.array?.first?.string } ?? []
        _ = try await stage.client.send(["XTRIM", FeedArchive.key(0), "MAXLEN", "5"])
        let replica = try await Replica(stage)
        for id in ["0-0", ids[3]] {
            var lost = Subscriber(stage, lastEventID: id)
            try await lost.listen(to: replica.url) { !$0.events.isEmpty }
            #expect(lost.events.map(\.name) == ["reset"])
        }
        var kept = Subscriber(stage, lastEventID: ids[15])
        try await kept.listen(to: replica.url) { $0.events.count >= 4 }
        #expect(kept.revisions == [17, 18, 19, 20])
        try await replica.stop()
    }

    @Test func flushAllIsAResetAndLifeGoesOn() async throws {
        let stage = try await Stage()
        try await stage.announce(statuses(1...3))
        let replica = try await Replica(stage)
        var subscriber = Subscriber(stage)
        try await subscriber.listen(to: replica.url) {
            try await stage.redis.flushAll()
        } until: {
            $0.events.last?.name == "reset"
        }
        try await subscriber.listen(to: replica.url) {
            try await stage.announce(statuses(4...5))
        } until: {
            $0.revisions.count == 2
        }
        #expect(subscriber.events.map(\.name) == ["reset", "media.status", "media.status"])
        try await replica.stop()
    }

    @Test func aRestartOfRedisIsSurvived() async throws {
        let stage = try await Stage()
        let replica = try await Replica(stage)
        var subscriber = Subscriber(stage)
        try await subscriber.listen(to: replica.url) {
            try await stage.announce(statuses(1...3))
            try await eventually("seen") { replica.feed.hub.glance.tail != FeedCursor([.zero]) }
            try await Task.sleep(for: .milliseconds(1100))  // The append-only file is written every second.
            try await stage.redis.restart()
            try await eventually("Redis takes events again") { (try? await stage.announce(statuses(4...4))) != nil }
        } until: {
            $0.revisions.contains(4)
        }
        #expect(subscriber.revisions == [1, 2, 3, 4])
        try await replica.stop()
    }

    @Test func heartbeatsMoveTheIdPastOthersEvents() async throws {
        let stage = try await Stage()
        var options = Replica.Options()
        options.heartbeat = .milliseconds(100)
        let replica = try await Replica(stage, options)
        var subscriber = Subscriber(stage)
        try await subscriber.listen(to: replica.url) {
            try await stage.announce(statuses(1...9, in: Sample.projectID("other")))
        } until: {
            $0.lastEventID == replica.feed.hub.glance.tail?.description && $0.lastEventID != "0-0"
        }
        #expect(subscriber.events.isEmpty)
        try await replica.stop()
    }

    @Test func revokingTheKeyEndsItsStreamsOnly() async throws {
        let stage = try await Stage()
        var options = Replica.Options()
        options.heartbeat = .milliseconds(100)
        let replica = try await Replica(stage, options)
        let (key, token) = try await stage.keys.create(project: "demo", name: "second")
        var (revoked, other) = (Subscriber(stage, token: token), Subscriber(stage))
        try await revoked.listen(to: replica.url) {
            _ = try await stage.keys.revoke(id: key.id)
        } until: { _ in
            false
        }
        await #expect(throws: HTTPClientError.self) { try await revoked.listen(to: replica.url) { _ in true } }
        try await other.listen(to: replica.url) {
            let beat = replica.feed.hub.glance.beat
            try await eventually("some heartbeats later") { replica.feed.hub.glance.beat > beat + 2 }
            try await stage.announce(statuses(1...1))
        } until: {
            $0.revisions == [1]
        }
        #expect(other.revisions == [1])
        try await replica.stop()
    }

    @Test func stoppingEndsTheStreams() async throws {
        let stage = try await Stage()
        let replica = try await Replica(stage)
        let stopping = Mutex<Task<Void, any Error>?>(nil)
        var subscriber = Subscriber(stage)
        try await subscriber.listen(to: replica.url) {
            stopping.withLock { $0 = Task { try await replica.stop() } }
        } until: { _ in
            false
        }
        try await stopping.withLock { $0 }?.value
    }

    @Test func manySubscribersSeeTheSame() async throws {
        let stage = try await Stage()
        let replica = try await Replica(stage)
        let ready = Ready()
        try await withThrowingTaskGroup(of: [Int].self) { tasks in
            for _ in 0..<50 {
                tasks.addTask {
                    var subscriber = Subscriber(stage)
                    try await subscriber.listen(to: replica.url) {
                        if ready.next() == 50 {
                            try await stage.announce(statuses(1...200))
                        }
                    } until: {
                        $0.events.count >= 200
                    }
                    return subscriber.revisions
                }
            }
            for try await revisions in tasks { #expect(revisions == Array(1...200)) }
        }
        try await replica.stop()
    }
}

private final class Ready: Sendable {
    private let count = Atomic(0)
    func next() -> Int { count.add(1, ordering: .sequentiallyConsistent).newValue }
}
