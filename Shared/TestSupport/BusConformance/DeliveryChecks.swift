import Events
import Messaging

extension BusConformance {
    static let delivery = [
        Check("every group gets every entry, also what came before it joined") { test in
            try await test.publish("early", on: .work)
            let first = try await test.bus.subscribe(.probe, to: [.work])
            try await test.publish("late", on: .work)
            let second = try await test.bus.subscribe(.other, to: [.work])
            for subscription in [first, second] {
                let deliveries = try await subscription.collect(2)
                try expect(Set(deliveries.map(\.payload)) == ["early", "late"], "both entries")
                try expect(deliveries.allSatisfy { $0.attempt == 1 && $0.deliveries == 1 }, "a first attempt and delivery")
                try await subscription.expectNothing(for: .milliseconds(100), "an entry is delivered once")
            }
        },
        Check("a group reads several streams, and each delivery names its own") { test in
            let subscription = try await test.bus.subscribe(.other, to: [.work, .echo])
            try await test.publish("work", on: .work)
            try await test.publish("echo", on: .echo)
            let streams = Set(try await subscription.collect(2).map { [$0.stream.name, $0.payload] })
            try expect(streams == [["test.work", "work"], ["test.echo", "echo"]], "each stream with its payload")
        },
        Check("receive never answers more than its limit") { test in
            let subscription = try await test.bus.subscribe(.other, to: [.work, .echo])
            for number in 0..<10 {
                try await test.publish("\(number)", on: .work)
                try await test.publish("\(number)", on: .echo)
            }
            var sizes: [Int] = []
            while sizes.reduce(0, +) < 20 { sizes.append(try await subscription.receive(limit: 3).count) }
            try expect(sizes.allSatisfy { $0 <= 3 }, "at most three at a time, not \(sizes)")
            try expect(try await subscription.receive(limit: 0).isEmpty, "nothing for a limit of nothing")
        },
        Check("receive wakes for a new entry, and comes back empty-handed after about a second") { test in
            let subscription = try await test.bus.subscribe(.probe, to: [.work])
            let start = ContinuousClock.now
            try expect(try await subscription.receive(limit: 1).isEmpty, "there is nothing")
            try expect(.milliseconds(500)...(.seconds(5)) ~= ContinuousClock.now - start, "about a second")
            var waits: [Duration] = []
            for number in 0..<5 {
                async let deliveries = subscription.collect(1)
                // By then it waits, and would for most of a second.
                try await Task.sleep(for: .milliseconds(100))
                let published = ContinuousClock.now
                try await test.publish("\(number)", on: .work)
                try expect(try await deliveries.first?.payload == "\(number)", "the new entry")
                waits.append(ContinuousClock.now - published)
            }
            // The quickest, because the machine may be busy.
            try expect(waits.contains { $0 < .milliseconds(300) }, "soon: \(waits)")
        },
        Check("one consumer gets the entries of a media in order") { test in
            let subscription = try await test.bus.subscribe(.probe, to: [.work])
            let media = MediaID.generate()
            for number in 0..<200 { try await test.publish("\(number)", on: .work, about: media) }
            let payloads = try await subscription.collect(200).map(\.payload)
            try expect(payloads == (0..<200).map(String.init), "in order")
        },
        Check("consumers of a group share the entries") { test in
            let first = try await test.bus.subscribe(.probe, to: [.work])
            let second = try await test.bus.subscribe(.probe, to: [.work])
            for number in 0..<100 { try await test.publish("\(number)", on: .work) }
            var payloads: [String] = []
            while payloads.count < 100 {
                for subscription in [first, second] { payloads += try await subscription.receive(limit: 5).map(\.payload) }
            }
            try expect(payloads.count == 100 && Set(payloads).count == 100, "each entry went to one of them")
        },
        Check("payloads arrive as they were sent") { test in
            let subscription = try await test.bus.subscribe(.probe, to: [.work])
            let media = MediaID.generate()
            let payloads = ["", "\n", "a\r\nb\0c", "{\"ä\":\"😀\"}", String(repeating: "x", count: 300_000)]
            for payload in payloads { try await test.publish(payload, on: .work, about: media) }
            let deliveries = try await subscription.collect(payloads.count)
            try expect(deliveries.map(\.payload) == payloads, "the same text")
            for delivery in deliveries {
                _ = try await subscription.settle(delivery, .retry(after: .zero, reason: "test"))
                try expect(try await subscription.collect(1).map(\.payload) == [delivery.payload], "also through a retry")
            }
        },
    ]
}
