import Events
import FoundationEssentials
import HTTPClient
import HTTPTypes
import Messaging
import Redis
import RedisBus
import TestSupport
import Testing

@testable import Notifier

/// From `media.status` on the bus to a subscriber's server, over real Redis and real sockets.
@Suite(.timeLimit(.minutes(2))) struct DeliveryTests {
    /// Subscribes `url` and returns the webhook with its secret.
    private func subscribe(_ stage: Stage, _ replica: Replica, _ url: String) async throws -> WebhookView {
        let json = #"{"projectId":"demo","url":"\#(url)"}"#
        let response = try await stage.request("POST", "\(replica.url)/api/v2/webhooks", json: json)
        return try response.decode(WebhookView.self)
    }

    /// Nothing of the group is left to be done: neither on its streams nor among the delayed.
    private func isIdle(_ stage: Stage) async throws -> Bool {
        let streams = [Events.Stream.mediaStatus, .webhookDelivery]
        for stream in streams {
            let groups = try await stage.client.send(["XINFO", "GROUPS", RedisKeys.stream(0, stream.name)]).array ?? []
            for group in groups.compactMap(\.array) {
                let fields = Dictionary(
                    uniqueKeysWithValues: stride(from: 0, to: group.count, by: 2).map {
                        (group[$0].string ?? "", group[$0 + 1])
                    })
                guard fields["pending"]?.integer == 0, fields["lag"]?.integer == 0 else { return false }
            }
        }
        return try await stage.client.send(["ZCARD", RedisKeys.delayed(0)]).integer == 0
    }

    private func deadLetters(_ stage: Stage) async throws -> Int {
        try await stage.client.send(["XLEN", RedisKeys.dead(0, group: Group.notifier.rawValue)]).integer ?? -1
    }

    @Test func deliversSignedAndLinked() async throws {
        let (stage, receiver) = (try await Stage(), try await Receiver())
        let replica = try await Replica(stage)
        let webhook = try await subscribe(stage, replica, receiver.url + "a")
        let status = Sample.status()
        let before = Int(Date().timeIntervalSince1970)
        _ = try await replica.bus.commit(try Sample.commit(status, id: "event-1"))
        try await eventually("delivered") { receiver.received("a").count == 1 }
        let got = try #require(receiver.received("a").first)
        #expect(got.id == "event-1")
        #expect(got.contentType == "application/json")
        #expect(TraceParent(rawValue: got.traceparent)?.traceId == Sample.trace.traceId)
        #expect(got.isSigned(with: try #require(webhook.secret)))
        #expect(!got.isSigned(with: SigningSecret.generate().text))
        #expect(try #require(Int(got.timestamp)) - before < 60)
        let body = try EventCoding.decode(ReceivedBody.self, from: Data(got.body))
        #expect(body.type == "media.status")
        #expect(body.data == status.linked(publicURL: "https://cdn.test"))
        try await eventually("nothing is left to do") { try await isIdle(stage) }
        #expect(try await deadLetters(stage) == 0)
        try await replica.stop()
    }

    @Test func triesAgainWithTheSameIdUntilItIsTaken() async throws {
        let stage = try await Stage()
        let receiver = try await Receiver { _, attempt in .init(status: attempt < 3 ? .internalServerError : .ok) }
        let replica = try await Replica(stage)
        let webhook = try await subscribe(stage, replica, receiver.url + "a")
        _ = try await replica.bus.commit(try Sample.commit(Sample.status(), id: "event-1"))
        try await eventually("the third attempt") { receiver.received("a").count == 3 }
        try await eventually("nothing is left to do") { try await isIdle(stage) }
        let attempts = receiver.received("a")
        #expect(attempts.count == 3)
        #expect(Set(attempts.map(\.id)) == ["event-1"])
        #expect(Set(attempts.map(\.body)).count == 1)
        #expect(attempts.allSatisfy { $0.isSigned(with: webhook.secret ?? "") })
        try await replica.stop()
    }

    @Test func isADeadLetterAfterTheLastAttempt() async throws {
        let stage = try await Stage()
        let elsewhere = try await Receiver()
        let receiver = try await Receiver { _, _ in .init(status: .found, headers: [.location: elsewhere.url + "stolen"]) }
        var options = Replica.Options()
        options.schedule = DeliverySchedule(delays: [.milliseconds(10), .milliseconds(10)])
        let replica = try await Replica(stage, options)
        _ = try await subscribe(stage, replica, receiver.url + "redirecting")
        _ = try await replica.bus.commit(try Sample.commit(Sample.status()))
        try await eventually("a dead letter") { try await deadLetters(stage) == 1 }
        #expect(receiver.received("redirecting").count == 3)
        #expect(elsewhere.received("stolen").isEmpty)
        try await replica.stop()
    }

    /// By number or by name: not one connection, and the reason where the operator looks.
    @Test func internalAddressesAreRefused() async throws {
        let (stage, receiver) = (try await Stage(), try await Receiver())
        var options = Replica.Options()
        options.environment = [:]
        let replica = try await Replica(stage, options)
        let port = receiver.url.dropFirst("http://127.0.0.1:".count)
        for host in ["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]", "0.0.0.0"] {
            _ = try await subscribe(stage, replica, "http://\(host):\(port)a")
        }
        _ = try await replica.bus.commit(try Sample.commit(Sample.status()))
        try await eventually("dead letters") { try await deadLetters(stage) == 5 }
        let letters = try await stage.client.send(["XRANGE", RedisKeys.dead(0, group: Group.notifier.rawValue), "-", "+"])
        let texts = letters.array?.map { $0.array?.last?.array?.compactMap(\.string).joined(separator: " ") ?? "" } ?? []
        for text in texts {
            #expect(text.contains("is not allowed; MILLRACE_WEBHOOK_ALLOW_PRIVATE=true would allow it"), "\(text)")
        }
        #expect(texts.contains { $0.contains("the address 127.0.0.1 is not allowed") })
        #expect(receiver.received("a").isEmpty)
        try await eventually("nothing is left to do") { try await isIdle(stage) }
        try await replica.stop()
    }

    @Test func goneDisablesTheWebhook() async throws {
        let stage = try await Stage()
        let receiver = try await Receiver { _, _ in .init(status: .gone) }
        let replica = try await Replica(stage)
        let webhook = try await subscribe(stage, replica, receiver.url + "gone")
        let address = "\(replica.url)/api/v2/webhooks/\(webhook.id)"
        _ = try await replica.bus.commit(try Sample.commit(Sample.status()))
        try await eventually("it is disabled") {
            try await stage.request("GET", address).decode(WebhookView.self).disabledAt != nil
        }
        _ = try await replica.bus.commit(try Sample.commit(Sample.status()))
        try await eventually("nothing is left to do") { try await isIdle(stage) }
        #expect(receiver.received("gone").count == 1)
        #expect(try await deadLetters(stage) == 0)
        try await replica.stop()
    }

    @Test func aRetryAfterIsHonoured() async throws {
        let stage = try await Stage()
        let receiver = try await Receiver { _, attempt in
            attempt == 1 ? .init(status: .tooManyRequests, headers: [.retryAfter: "1"]) : .init()
        }
        let replica = try await Replica(stage)
        _ = try await subscribe(stage, replica, receiver.url + "a")
        let start = ContinuousClock.now
        _ = try await replica.bus.commit(try Sample.commit(Sample.status()))
        try await eventually("delivered") { receiver.received("a").count == 2 }
        #expect(ContinuousClock.now - start >= .seconds(1))
        try await replica.stop()
    }

    @Test func aDeletedWebhookEndsItsDeliveriesQuietly() async throws {
        let stage = try await Stage()
        let receiver = try await Receiver { _, _ in .init(status: .internalServerError) }
        var options = Replica.Options()
        options.schedule = DeliverySchedule(delays: Array(repeating: .milliseconds(300), count: 9))
        let replica = try await Replica(stage, options)
        let webhook = try await subscribe(stage, replica, receiver.url + "a")
        _ = try await replica.bus.commit(try Sample.commit(Sample.status()))
        try await eventually("the first attempt") { receiver.received("a").count == 1 }
        #expect(try await stage.request("DELETE", "\(replica.url)/api/v2/webhooks/\(webhook.id)").status == 204)
        try await eventually("nothing is left to do") { try await isIdle(stage) }
        #expect(receiver.received("a").count <= 2)
        #expect(try await deadLetters(stage) == 0)
        try await replica.stop()
    }

    @Test func aSlowEndpointDelaysNobodyElse() async throws {
        let stage = try await Stage()
        let receiver = try await Receiver { name, _ in .init(after: name == "slow" ? .seconds(60) : .zero) }
        var options = Replica.Options()
        options.webhookTimeout = .seconds(3)
        let replica = try await Replica(stage, options)
        for name in ["slow", "quick"] { _ = try await subscribe(stage, replica, receiver.url + name) }
        for _ in 0..<30 { _ = try await replica.bus.commit(try Sample.commit(Sample.status())) }
        try await eventually("the quick one has all", { receiver.received("quick").count == 30 })
        try await eventually("a slow one is tried again", { receiver.received("slow").count > 30 })
        await receiver.stop()
        try await replica.stop()
    }

    @Test func twoReplicasDeliverEachEventOnce() async throws {
        let (stage, receiver) = (try await Stage(), try await Receiver())
        let replicas = [try await Replica(stage), try await Replica(stage)]
        for name in ["a", "b"] { _ = try await subscribe(stage, replicas[0], receiver.url + name) }
        try await eventually("the other replica sees them") {
            let list = try await stage.request("GET", "\(replicas[1].url)/api/v2/webhooks?projectId=demo")
            return try list.decode(WebhookList.self).items.count == 2
        }
        for index in 0..<100 { _ = try await replicas[0].bus.commit(try Sample.commit(Sample.status(), id: "event-\(index)")) }
        try await eventually("all delivered") { receiver.received("a").count >= 100 && receiver.received("b").count >= 100 }
        try await eventually("nothing is left to do") { try await isIdle(stage) }
        for name in ["a", "b"] {
            #expect(receiver.received(name).map(\.id).sorted() == (0..<100).map { "event-\($0)" }.sorted())
        }
        for replica in replicas { try await replica.stop() }
    }

    /// The events of other projects stay with them.
    @Test func otherProjectsAreNotTold() async throws {
        let (stage, receiver) = (try await Stage(), try await Receiver())
        let replica = try await Replica(stage)
        _ = try await subscribe(stage, replica, receiver.url + "a")
        _ = try await replica.bus.commit(try Sample.commit(Sample.status(in: Sample.projectID("other"))))
        _ = try await replica.bus.commit(try Sample.commit(Sample.status(), id: "mine"))
        try await eventually("delivered") { !receiver.received("a").isEmpty }
        try await eventually("nothing is left to do") { try await isIdle(stage) }
        #expect(receiver.received("a").map(\.id) == ["mine"])
        try await replica.stop()
    }
}

private struct ReceivedBody: Decodable {
    let type: String
    let timestamp: Date
    let data: MediaStatusChanged
}
