import Events
import Messaging

extension BusConformance {
    static let ownership = [
        Check("who lost an entry changes nothing", visibility: .milliseconds(300)) { test in
            let media = MediaID.generate()
            let slow = try await test.bus.subscribe(.probe, to: [.work])
            try await test.publish("work", on: .work, about: media)
            let lost = try await slow.collect(1)[0]
            let quick = try await test.bus.subscribe(.probe, to: [.work])
            let taken = try await quick.collect(1)[0]
            try expect(taken.id == lost.id && taken.deliveries == 2 && taken.attempt == 1, "the same entry, a second time")
            let commit = Commit(
                media, changes: [.put(key: "k", value: "slow", expecting: 0)], outputs: [Output(stream: .echo, payload: "slow")])
            for settlement in [
                Settlement.done(commit), .retry(after: .zero, reason: "slow"), .wait(after: .zero, reason: "slow", commit),
                .reject(.permanent, detail: "slow", commit),
            ] {
                try expect(try await slow.settle(lost, settlement) == .lostOwnership, "\(settlement) by the loser")
            }
            try await slow.release([lost])
            try expect(try await test.state("k", media) == nil, "no change of the loser's")
            try expect(try await test.length(.echo) == 0, "no output of the loser's")
            try expect(try await test.deadLetters(.probe).isEmpty, "no dead letter of the loser's")
            try expect(try await quick.heartbeat([taken]) == [true], "still the new owner's")
            try expect(try await quick.settle(taken, .done(commit)) == .settled, "the new owner settles")
            try expect(try await slow.heartbeat([lost]) == [false], "the loser learns of it")
        },
        Check("a heartbeat keeps an entry, and counts as no delivery", visibility: .milliseconds(1200)) { test in
            let worker = try await test.bus.subscribe(.probe, to: [.work])
            let idle = try await test.bus.subscribe(.probe, to: [.work])
            try await test.publish("long", on: .work)
            let delivery = try await worker.collect(1)[0]
            try await withThrowingTaskGroup { tasks in
                tasks.addTask {
                    while (try? await Task.sleep(for: test.visibility / 8)) != nil {
                        try expect(try await worker.heartbeat([delivery]) == [true], "owned")
                    }
                }
                try await idle.expectNothing(for: test.visibility * 3, "a kept entry is not taken over")
                tasks.cancelAll()
                try await tasks.waitForAll()
            }
            try expect(try await idle.collect(1)[0].deliveries == 2, "heartbeats are no deliveries")
        },
        Check("a heartbeat answers for each of many", visibility: .seconds(60)) { test in
            let subscription = try await test.bus.subscribe(.probe, to: [.work])
            for number in 0..<30 { try await test.publish("\(number)", on: .work) }
            let deliveries = try await subscription.collect(30)
            for delivery in deliveries where Int(delivery.payload).map({ $0 % 3 == 0 }) ?? false {
                _ = try await subscription.settle(delivery, .done(.nothing))
            }
            let answers = try await subscription.heartbeat(deliveries)
            let expected = deliveries.map { Int($0.payload).map { $0 % 3 != 0 } ?? false }
            try expect(answers == expected, "true for what is unsettled, in the order asked")
            try expect(try await subscription.heartbeat([]) == [], "nothing for nothing")
        },
        Check("released entries go to another at once, and it counts as no failure") { test in
            let leaving = try await test.bus.subscribe(.probe, to: [.work])
            for number in 0..<5 { try await test.publish("\(number)", on: .work) }
            let deliveries = try await leaving.collect(5)
            let staying = try await test.bus.subscribe(.probe, to: [.work])
            async let received = staying.collect(5)
            try await leaving.release(deliveries)
            await leaving.close()
            let again = try await received
            try expect(Set(again.map(\.payload)) == Set(deliveries.map(\.payload)), "the same entries")
            try expect(again.allSatisfy { $0.attempt == 1 && $0.deliveries == 1 }, "attempt and deliveries as before")
            try await staying.expectNothing(for: .milliseconds(100), "once")
        },
        Check("what a closed consumer held is taken over", visibility: .milliseconds(300)) { test in
            let leaving = try await test.bus.subscribe(.probe, to: [.work])
            try await test.publish("work", on: .work)
            _ = try await leaving.collect(1)
            await leaving.close()
            let staying = try await test.bus.subscribe(.probe, to: [.work])
            let delivery = try await staying.collect(1)[0]
            try expect(delivery.payload == "work" && delivery.deliveries == 2, "the second delivery")
        },
    ]
}
