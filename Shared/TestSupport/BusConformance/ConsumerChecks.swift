import Events
import Logging
import Messaging

extension BusConformance {
    static let consumers = [
        Check("a consumer handles every event once, as many at a time as it may, and drains") { test in
            let handler = ProbeHandler { incoming in
                try await Task.sleep(for: .milliseconds(2))
                let output = Output(stream: .echo, payload: "\(incoming.event.number)")
                return Commit(incoming.event.mediaId, outputs: [output])
            }
            for number in 0..<200 { try await test.publish(Probe(number)) }
            try await test.consume(handler, options: .test(concurrency: 8)) {
                try await eventually("all are handled") { handler.numbers.count == 200 }
            }
            try expect(try await test.length(.echo) == 200, "each has its output when the consumer has ended")
            try expect(Set(handler.numbers).count == 200, "each once")
            try expect((2...8).contains(handler.most), "at most 8 at once, not \(handler.most)")
        },
        Check("what is no event ends in the dead letters, and its neighbours live") { test in
            let handler = ProbeHandler { _ in .nothing }
            let media = MediaID.generate()
            let whole = try Output(Envelope(Probe(1), source: "test", trace: .random())).payload
            let bad = [
                "", "not JSON", "{}", "[]", "{\"specversion\":\"0.3\",\"id\":\"1\",\"type\":\"x\",\"subject\":\"y\"}",
                whole.replacing("\"number\":1", with: "\"number\":\"one\""), String(repeating: "[", count: 100_000),
            ]
            let unknown = whole.replacing("test.probe.v1", with: "test.probe.v99")
            for payload in bad + [unknown] { try await test.publish(payload, on: Probe.stream, about: media) }
            try await test.publishOddEntry(Probe.stream)
            try await test.publish(Probe(7))
            try await test.consume(handler) {
                try await eventually("all are dead") { try await test.deadLetters(.probe).count == bad.count + 2 }
                try await eventually("the good one is handled") { handler.numbers == [7] }
            }
            let letters = try await test.deadLetters(.probe)
            try expect(letters.filter { $0.reason == "unknown-type" }.map(\.payload) == [unknown], "an unknown version")
            let malformed = letters.filter { $0.reason == "malformed" }.map(\.payload)
            try expect(malformed.sorted() == (bad + [""]).sorted(), "the others malformed, as they were")
        },
        Check("an entry that crashes its workers is given up", visibility: .milliseconds(200)) { test in
            try await test.publish(Probe(13))
            try await test.crashWorkers(2)
            try expect(try await test.soleDeadLetter().reason == "crashed-worker", "crashed-worker")
            try expect(try await test.length(.echo) == 1, "others are told")
        },
        Check("an entry that kills while others are to be told is given up without", visibility: .milliseconds(200)) { test in
            try await test.publish(Probe(13))
            try await test.crashWorkers(4)
            let letter = try await test.soleDeadLetter()
            try expect(letter.reason == "crashed-worker" && letter.attempt == 1, "\(letter)")
            try expect(letter.detail == "its workers crashed 4 times; nobody could be told", "\(letter)")
            try expect(try await test.length(.echo) == 0, "its handler is not asked what to tell")
        },
        Check("an entry that kills while it is decoded is given up unread", visibility: .milliseconds(200)) { test in
            try await test.publish("not JSON", on: Probe.stream)
            try await test.crashWorkers(4)
            let letter = try await test.soleDeadLetter()
            try expect(letter.payload == "not JSON" && letter.reason == "crashed-worker", "\(letter)")
        },
        Check("an entry that kills its worker takes no other along twice", visibility: .milliseconds(300)) { test in
            for number in 0..<6 { try await test.publish("\(number)", on: .work) }
            var worker = try await test.bus.subscribe(.probe, to: [.work])
            _ = try await worker.collect(6)
            var deaths = 1
            var innocents: [String: Int] = [:]
            let deadline = ContinuousClock.now + .seconds(20)
            while deaths < 4 || innocents.count < 5 {
                try expect(ContinuousClock.now < deadline, "all come back: \(innocents), \(deaths) deaths")
                let batch = try await worker.receive(limit: 6)
                try expect(batch.count <= 1, "one suspect at a time, not \(batch.count)")
                if batch.contains(where: { $0.payload == "3" }) {
                    deaths += 1
                    worker = try await test.bus.subscribe(.probe, to: [.work])
                } else {
                    for delivery in batch where try await worker.settle(delivery, .done(.nothing)) == .settled {
                        innocents[delivery.payload] = delivery.deliveries
                    }
                }
            }
            try expect(innocents.values.allSatisfy { $0 == 2 }, "each innocent was lost with it once: \(innocents)")
        },
        Check("what the bus refuses for good is given up, with the reason") { test in
            let handler = ProbeHandler { incoming in
                Commit(incoming.event.mediaId, changes: [.addToIndex("i", member: "m", score: .nan)])
            }
            try await test.publish(Probe(1))
            try await test.consume(handler) {
                try await eventually("it is given up") { try await test.deadLetters(.probe).count == 1 }
            }
            let letter = try await test.deadLetters(.probe)[0]
            try expect(letter.reason == "permanent" && letter.detail.contains("refuses"), "\(letter)")
            try expect(handler.numbers == [1], "once")
            try expect(try await test.length(.echo) == 1, "others are told")
        },
        Check("a transient failure is retried until the attempts are exhausted") { test in
            let handler = ProbeHandler { incoming in throw Failure.transient("attempt \(incoming.attempt)") }
            try await test.publish(Probe(1))
            try await test.consume(handler) {
                try await eventually("it is given up") { try await test.deadLetters(.probe).count == 1 }
            }
            let letter = try await test.deadLetters(.probe)[0]
            try expect(letter.reason == "attempts-exhausted" && letter.attempt == 3 && letter.detail == "attempt 3", "\(letter)")
            try expect(handler.numbers == [1, 1, 1], "three attempts")
            try expect(try await test.length(.echo) == 1, "others are told, once")
        },
        Check("a handler that outlives the grace period hands its entry back") { test in
            let handler = ProbeHandler { _ in
                try await Task.sleep(for: .seconds(100))
                return .nothing
            }
            try await test.publish(Probe(1))
            try await test.consume(handler, options: .test(grace: .milliseconds(50))) {
                try await eventually("it is running") { handler.numbers == [1] }
            }
            let next = try await test.bus.subscribe(.probe, to: [Probe.stream])
            let delivery = try await next.collect(1, timeout: .seconds(5))[0]
            try expect(delivery.attempt == 1 && delivery.deliveries == 1, "at once, and not as a failure")
        },
        Check("a long handler keeps its entry by heartbeats", visibility: .milliseconds(1200)) { test in
            let handler = ProbeHandler { incoming in
                try await Task.sleep(for: .seconds(4))
                return Commit(incoming.event.mediaId, outputs: [Output(stream: .echo, payload: "done")])
            }
            let other = ProbeHandler { _ in .nothing }
            try await test.publish(Probe(1))
            let options = Consumer.Options.test(visibility: test.visibility)
            try await test.consume(handler, options: options) {
                try await eventually("it is running") { handler.numbers == [1] }
                try await test.consume(other, options: options) {
                    try await eventually("it is done") { try await test.length(.echo) == 1 }
                }
            }
            try expect(other.numbers.isEmpty, "nobody else has seen it")
        },
    ]
}

extension BusUnderTest {
    /// Hands the one probe that there is to workers that vanish with it.
    func crashWorkers(_ count: Int) async throws {
        for count in 1...count {
            let crashing = try await bus.subscribe(.probe, to: [Probe.stream])
            try expect(try await crashing.collect(1)[0].deliveries == count, "delivery \(count)")
            await crashing.close()
        }
    }

    /// What becomes of the one probe that there is with a consumer that gives up after two deliveries, and handles nothing.
    func soleDeadLetter() async throws -> DeadLetter {
        let handler = ProbeHandler { _ in .nothing }
        try await consume(handler, options: .test(visibility: visibility, maxDeliveries: 2)) {
            try await eventually("it is given up") { try await deadLetters(.probe).count == 1 }
        }
        try expect(handler.numbers.isEmpty, "it is not tried again")
        return try await deadLetters(.probe)[0]
    }

    /// Runs a consumer of probes while `body` runs, then stops it and waits for its end.
    func consume(_ handler: ProbeHandler, options: Consumer.Options = .test(), _ body: () async throws -> Void) async throws {
        var logger = Logger(label: "conformance")
        logger.logLevel = .critical
        let consumer = Consumer(bus, group: .probe, routes: [Route(handler)], options: options, logger: logger)
        async let running: Void = consumer.run()
        defer { consumer.stop() }
        try await body()
        consumer.stop()
        await running
    }
}

extension Consumer.Options {
    static func test(
        concurrency: Int = 4, visibility: Duration = .seconds(60), grace: Duration = .seconds(10), maxDeliveries: Int = 5
    ) -> Consumer.Options {
        var options = Consumer.Options()
        options.concurrency = concurrency
        options.visibility = visibility
        options.grace = grace
        options.policy = RetryPolicy(
            maxAttempts: 3, base: .milliseconds(10), cap: .milliseconds(50), maxDeliveries: maxDeliveries)
        return options
    }
}
