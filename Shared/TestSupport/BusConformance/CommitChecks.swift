import Events
import Messaging

extension BusConformance {
    static let commits = [
        Check("settling as done changes, emits and acknowledges together") { test in
            let media = MediaID.generate()
            let subscription = try await test.bus.subscribe(.probe, to: [.work])
            try await test.publish("work", on: .work, about: media)
            let delivery = try await subscription.collect(1)[0]
            let commit = Commit(
                media,
                changes: [
                    .put(key: "record", value: "{\"n\":1}\n", expecting: 0), .addToIndex("due", member: "b", score: 2.5),
                    .addToIndex("due", member: "c", score: -1), .addToIndex("due", member: "a", score: 2.5),
                    .addToIndex("due", member: "gone", score: 0), .removeFromIndex("due", member: "gone"),
                ], outputs: [Output(stream: .echo, payload: "one"), Output(stream: .echo, payload: "two")])
            try expect(try await subscription.settle(delivery, .done(commit)) == .settled, "settled")
            let state = try await test.state("record", media)
            try expect(state?.version == 1 && state?.value == "{\"n\":1}\n", "the record, at version 1")
            try expect(try await test.index("due", media) == ["c", "a", "b"], "the index in order")
            let echoes = try await test.bus.subscribe(.other, to: [.echo])
            try expect(try await echoes.collect(2).map(\.payload) == ["one", "two"], "the outputs in order")
            try expect(try await subscription.settle(delivery, .done(commit)) == .lostOwnership, "only once")
            try expect(try await test.length(.echo) == 2, "no further output")
        },
        Check("a put needs the version that it expects") { test in
            let media = MediaID.generate()
            let put = { (value: String, version: Int) in
                try await test.bus.commit(
                    Commit(
                        media,
                        changes: [.put(key: "k", value: value, expecting: version), .addToIndex("i", member: value, score: 0)],
                        outputs: [Output(stream: .echo, payload: value)]))
            }
            try expect(try await put("early", 1) == .conflict, "it does not exist yet")
            try expect(try await put("a", 0) == .committed, "created")
            try expect(try await put("again", 0) == .conflict, "it exists")
            try expect(try await put("b", 1) == .committed, "raised")
            try expect(try await put("stale", 1) == .conflict, "it is at version 2")
            let state = try await test.state("k", media)
            try expect(state?.version == 2 && state?.value == "b", "the last value at version 2")
            try expect(try await test.index("i", media) == ["a", "b"], "a conflict leaves no trace in the index")
            try expect(try await test.length(.echo) == 2, "a conflict emits nothing")
            try expect(try await test.bus.commit(Commit(media, changes: [.delete(key: "k")])) == .committed, "deleted")
            try expect(try await test.state("k", media) == nil, "gone")
            try expect(try await put("c", 0) == .committed, "created anew")
        },
        Check("one conflict among many puts holds all of them back") { test in
            let media = MediaID.generate()
            let puts = ["a", "b", "c"].map { StateChange.put(key: $0, value: "1", expecting: $0 == "b" ? 7 : 0) }
            try expect(try await test.bus.commit(Commit(media, changes: puts)) == .conflict, "b does not fit")
            for key in ["a", "b", "c"] { try expect(try await test.state(key, media) == nil, "\(key) is not there") }
        },
        Check("a value with a lifetime goes, one without stays") { test in
            let media = MediaID.generate()
            let put = { (key: String, version: Int, lifetime: Duration?) in
                let change = StateChange.put(key: key, value: "v", expecting: version, lifetime: lifetime)
                try expect(try await test.bus.commit(Commit(media, changes: [change])) == .committed, "\(key) \(version)")
            }
            try await put("stays", 0, .seconds(1))
            try await put("stays", 1, nil)
            try await put("goes", 0, .seconds(1))
            try await eventually("the value goes") { try await test.state("goes", media) == nil }
            try await put("goes", 0, nil)
            try expect(try await test.state("stays", media)?.version == 2, "a put without lifetime ends the lifetime")
        },
        Check("of many commits at once that expect the same version one wins") { test in
            let media = MediaID.generate()
            let wins = try await withThrowingTaskGroup(of: CommitResult.self) { tasks in
                for number in 0..<20 {
                    tasks.addTask {
                        try await test.bus.commit(
                            Commit(
                                media, changes: [.put(key: "k", value: "\(number)", expecting: 0)],
                                outputs: [Output(stream: .echo, payload: "\(number)")]))
                    }
                }
                return try await tasks.reduce(into: 0) { $0 += $1 == .committed ? 1 : 0 }
            }
            try expect(wins == 1, "\(wins) won")
            try expect(try await test.length(.echo) == 1, "one output")
        },
        Check("a conflict leaves the entry with its owner") { test in
            let media = MediaID.generate()
            _ = try await test.bus.commit(Commit(media, changes: [.put(key: "k", value: "a", expecting: 0)]))
            let subscription = try await test.bus.subscribe(.probe, to: [.work])
            try await test.publish("work", on: .work, about: media)
            let delivery = try await subscription.collect(1)[0]
            let commit = { (version: Int) in
                Commit(
                    media, changes: [.put(key: "k", value: "b", expecting: version)],
                    outputs: [Output(stream: .echo, payload: "b")])
            }
            try expect(try await subscription.settle(delivery, .done(commit(0))) == .conflict, "version 1 is there")
            let rejection = Settlement.reject(.permanent, detail: "", commit(0))
            try expect(try await subscription.settle(delivery, rejection) == .conflict, "the same for a rejection")
            try expect(try await test.deadLetters(.probe).isEmpty, "no dead letter")
            try expect(try await test.length(.echo) == 0, "no output")
            try expect(try await subscription.heartbeat([delivery]) == [true], "still owned")
            try expect(try await subscription.settle(delivery, .done(commit(1))) == .settled, "decided again")
            try expect(try await test.length(.echo) == 1, "one output")
        },
    ]
}
