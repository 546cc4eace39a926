import Events
import Messaging

extension BusConformance {
    static let failures = [
        Check("a retry comes back after its delay, one attempt later") { test in
            let subscription = try await test.bus.subscribe(.probe, to: [.work])
            try await test.publish("work", on: .work)
            var delivery = try await subscription.collect(1)[0]
            var late: [Duration] = []
            for attempt in 2...6 {
                let start = ContinuousClock.now
                let delay = Duration.milliseconds(100)
                let result = try await subscription.settle(delivery, .retry(after: delay, reason: "test"))
                try expect(result == .settled, "settled")
                delivery = try await subscription.collect(1)[0]
                let waited = ContinuousClock.now - start
                try expect(waited >= delay, "not before it is due: \(waited)")
                late.append(waited - delay)
                try expect(delivery.attempt == attempt && delivery.deliveries == 1, "attempt \(attempt), a first delivery")
                try expect(delivery.payload == "work" && delivery.stream == .work, "the same entry")
            }
            // The quickest, because the machine may be busy.
            try expect(late.contains { $0 < .milliseconds(100) }, "soon when it is due: \(late)")
        },
        Check("a retry is its own group's affair") { test in
            let failing = try await test.bus.subscribe(.probe, to: [.work])
            let fine = try await test.bus.subscribe(.other, to: [.work])
            try await test.publish("work", on: .work)
            _ = try await failing.settle(try await failing.collect(1)[0], .retry(after: .zero, reason: "test"))
            _ = try await fine.settle(try await fine.collect(1)[0], .done(.nothing))
            try expect(try await failing.collect(1)[0].attempt == 2, "again for the one")
            try await fine.expectNothing(for: .milliseconds(100), "not for the other")
        },
        Check("many retries come back, each once") { test in
            let subscription = try await test.bus.subscribe(.probe, to: [.work])
            for number in 0..<100 { try await test.publish("\(number % 3)", on: .work) }
            for delivery in try await subscription.collect(100) {
                let delay = Duration.milliseconds(Int.random(in: 0...200))
                _ = try await subscription.settle(delivery, .retry(after: delay, reason: "test"))
            }
            try expect(try await subscription.collect(100).allSatisfy { $0.attempt == 2 }, "all of them, equal ones too")
            try await subscription.expectNothing(for: .milliseconds(100), "each once")
        },
        Check("who waits uses up no attempt, and may say so") { test in
            let media = MediaID.generate()
            let subscription = try await test.bus.subscribe(.probe, to: [.work])
            try await test.publish("work", on: .work, about: media)
            let news = Commit(
                media, changes: [.put(key: "k", value: "waits", expecting: 0)], outputs: [Output(stream: .echo, payload: "waits")]
            )
            let first = try await subscription.collect(1)[0]
            try expect(try await subscription.settle(first, .wait(after: .zero, reason: "test", news)) == .settled, "settled")
            try expect(try await test.length(.echo) == 1, "it is told")
            let second = try await subscription.collect(1)[0]
            try expect(second.attempt == 1 && second.waits == 1 && second.payload == "work", "it comes back")
            let result = try await subscription.settle(second, .wait(after: .zero, reason: "test", news))
            try expect(result == .conflict, "the state has moved")
            try expect(try await test.length(.echo) == 1, "nothing is told then")
            try expect(try await subscription.heartbeat([second]) == [true], "and it is still owned")
            _ = try await subscription.settle(second, .retry(after: .zero, reason: "test"))
            let third = try await subscription.collect(1)[0]
            try expect(third.attempt == 2 && third.waits == 1, "each is counted by itself")
            try await subscription.release([third])
            let fourth = try await subscription.collect(1)[0]
            try expect(fourth.attempt == 2 && fourth.waits == 1, "also when it was handed back")
            _ = try await subscription.settle(fourth, .reject(.attemptsExhausted, detail: "test", .nothing))
            try expect(try await test.deadLetters(.probe).map(\.attempt) == [3], "all of them are told")
        },
        Check("a rejected entry is a dead letter with its reason") { test in
            let media = MediaID.generate()
            let subscription = try await test.bus.subscribe(.probe, to: [.work])
            try await test.publish("bad", on: .work, about: media)
            _ = try await subscription.settle(try await subscription.collect(1)[0], .retry(after: .zero, reason: "test"))
            let delivery = try await subscription.collect(1)[0]
            let commit = Commit(
                media, changes: [.put(key: "k", value: "failed", expecting: 0)],
                outputs: [Output(stream: .echo, payload: "failed")])
            let result = try await subscription.settle(delivery, .reject(.permanent, detail: "no good", commit))
            try expect(result == .settled, "settled")
            let letter = DeadLetter(payload: "bad", reason: "permanent", detail: "no good", attempt: 2)
            try expect(try await test.deadLetters(.probe) == [letter], "the letter")
            try expect(try await test.deadLetters(.other).isEmpty, "of this group alone")
            try expect(try await test.state("k", media)?.value == "failed", "the commit was applied")
            try expect(try await test.length(.echo) == 1, "its output too")
            try expect(try await subscription.settle(delivery, .done(.nothing)) == .lostOwnership, "it is settled")
        },
        Check("an odd entry is delivered, and blocks nobody") { test in
            let subscription = try await test.bus.subscribe(.probe, to: [.work])
            let media = MediaID.generate()
            try await test.publish("before", on: .work, about: media)
            try await test.publishOddEntry(.work)
            try await test.publish("after", on: .work, about: media)
            let deliveries = try await subscription.collect(3)
            try expect(Set(deliveries.map(\.payload)) == ["before", "", "after"], "all three")
            for delivery in deliveries {
                try expect(
                    try await subscription.settle(delivery, .reject(.malformed, detail: "", .nothing)) == .settled, "settled")
            }
            try expect(try await test.deadLetters(.probe).count == 3, "three letters")
        },
    ]

    static let trimming = [
        Check("an entry goes when every group has acknowledged it, and not before", visibility: .milliseconds(400)) { test in
            let first = try await test.bus.subscribe(.probe, to: [.work])
            for number in 0..<20 { try await test.publish("\(number)", on: .work) }
            for delivery in try await first.collect(20) { _ = try await first.settle(delivery, .done(.nothing)) }
            try await first.expectNothing(for: test.visibility * 2, "nothing is left for the first group")
            try expect(try await test.length(.work) == 20, "the second group has not seen them yet")
            let second = try await test.bus.subscribe(.other, to: [.work])
            let deliveries = try await second.collect(20)
            for delivery in deliveries { _ = try await second.settle(delivery, .done(.nothing)) }
            try await eventually("what all have acknowledged goes") { try await test.length(.work) == 0 }
        }
    ]
}
