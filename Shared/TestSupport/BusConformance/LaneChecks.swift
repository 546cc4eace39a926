import Events
import Messaging

extension BusConformance {
    static let lanes = [
        Check("who has little in the queue does not wait for who has much") { test in
            let subscription = try await test.bus.subscribe(.probe, to: [.work])
            let media = MediaID.generate()
            for number in 0..<200 { try await test.publish("much \(number)", lane: 3, about: media) }
            for lane in 0...2 { try await test.publish("little \(lane)", lane: lane, about: media) }
            var order: [String] = []
            while order.count < 203 { order += try await subscription.receive(limit: 1).map(\.payload) }
            for lane in 0...2 {
                let place = try require(order.firstIndex(of: "little \(lane)"), "it is delivered")
                try expect(place < 16, "soon, and not as number \(place)")
            }
            try expect(order.filter { $0.hasPrefix("much") } == (0..<200).map { "much \($0)" }, "a lane stays in order")
        },
        Check("no lane starves") { test in
            let subscription = try await test.bus.subscribe(.probe, to: [.work])
            let media = MediaID.generate()
            for lane in 0...3 { for _ in 0..<64 { try await test.publish("\(lane)", lane: lane, about: media) } }
            var counts: [String: Int] = [:]
            for _ in 0..<64 { counts[try await subscription.collect(1)[0].payload, default: 0] += 1 }
            let shares = (0...3).map { counts["\($0)"] ?? 0 }
            try expect(shares[0] >= shares[1] && shares[1] >= shares[2] && shares[3] > 4, "half, a quarter, …: \(shares)")
        },
        Check("what follows from an entry travels in its lane, through retries too") { test in
            let subscription = try await test.bus.subscribe(.probe, to: [.work])
            let next = try await test.bus.subscribe(.other, to: [.echo])
            let media = MediaID.generate()
            try await test.publish("work", lane: 2, about: media)
            let first = try await subscription.collect(1)[0]
            try expect(first.lane == 2, "as published")
            _ = try await subscription.settle(first, .retry(after: .zero, reason: "test"))
            let second = try await subscription.collect(1)[0]
            try expect(second.lane == 2 && second.attempt == 2, "after a retry")
            try await subscription.release([second])
            let third = try await subscription.collect(1)[0]
            try expect(third.lane == 2, "after a release")
            let commit = Commit(media, outputs: [Output(stream: .echo, payload: "echo")])
            _ = try await subscription.settle(third, .done(commit))
            try expect(try await next.collect(1)[0].lane == 2, "its output")
        },
    ]
}

extension BusUnderTest {
    func publish(_ payload: String, lane: Int, about media: MediaID) async throws {
        let commit = Commit(media, outputs: [Output(stream: .work, payload: payload)]).inLane(lane)
        try expect(try await bus.commit(commit) == .committed, "a commit of outputs alone never conflicts")
    }
}

private func require<Value>(_ value: Value?, _ what: String) throws -> Value {
    guard let value else { throw CheckFailed(description: what) }
    return value
}
