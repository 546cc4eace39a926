import Catalog
import Events
import FoundationEssentials
import Messaging
import Testing

/// Whatever comes, in whatever order, however often, and wherever a worker dies: one end, and each revision told once.
@Suite struct InterleavingTests {
    @Test(arguments: UInt64(0)..<400)
    func everyOrderEndsOnce(seed: UInt64) throws {
        var random = SeededRandom(state: seed)
        var run = try Run(random: &random)
        for event in run.events(&random) { try run.hear(event, &random) }
        try run.sweep()
        try run.checkEnd()
    }
}

private struct Run {
    typealias Change = (MediaRecord, StepRules, TransitionContext) throws -> Transition?

    let story: Story
    var rules = StepRules()
    var ledger = Ledger()
    var manifests: [Data] = []
    var seconds = 10.0

    init(random: inout SeededRandom) throws {
        story = try Story()
        if Bool.random(using: &random) { rules.optional = [.variants] }
        guard Int.random(in: 0..<4, using: &random) > 0 else { return }
        let created = try story.create()
        _ = ledger.apply(created.commit)
        _ = ledger.apply(try created.record.uploaded(stepDeadline: .seconds(3600), story.context(1)).unwrapped().commit)
    }

    /// Each kind of event up to three times, or never, shuffled.
    func events(_ random: inout SeededRandom) -> [Change] {
        let story = story
        var kinds: [Change] = [
            { try $0.ingested(story.ingested, $1, $2) },
            { try $0.completed(story.completed(.metadata), $1, $2) },
            { try $0.completed(story.completed(.variants), $1, $2) },
            { try $0.progressed(story.progressed(.variants, 0.3), $1, $2) },
            { try $0.progressed(story.progressed(.metadata, 0.9), $1, $2) },
        ]
        if Int.random(in: 0..<3, using: &random) == 0 { kinds.append { try $0.failed(story.failed(.variants), $1, $2) } }
        if Int.random(in: 0..<5, using: &random) == 0 { kinds.append { try $0.failed(story.failed(.ingest), $1, $2) } }
        if Int.random(in: 0..<5, using: &random) == 0 { kinds.append { try $0.timedOut($2) } }
        return kinds.flatMap { Array(repeating: $0, count: Int.random(in: 0...3, using: &random)) }.shuffled(using: &random)
    }

    /// What manifest-writer does with an event, with workers that die between decision, manifest and announcement.
    mutating func hear(_ change: Change, _ random: inout SeededRandom) throws {
        seconds += Bool.random(using: &random) ? 1 : 2000
        guard let (record, version) = try current() else { return }
        let context = story.context(version, after: seconds)
        guard let next = try change(record, rules, context) else { return try finish(record, version) }
        #expect(ledger.apply(next.commit) == .committed)
        let isStale = ledger.apply(next.commit)
        #expect(isStale == .conflict)
        guard next.record.outcome != nil, Bool.random(using: &random) else { return }
        try finish(next.record, version + 1)
    }

    mutating func sweep() throws {
        seconds += 10_000
        guard let (record, version) = try current() else { return }
        let context = story.context(version, after: seconds)
        guard let next = try record.timedOut(context) else { return try finish(record, version) }
        #expect(ledger.apply(next.commit) == .committed)
        try finish(next.record, version + 1)
    }

    private func current() throws -> (MediaRecord, Int)? {
        guard let (entry, version) = try ledger.entry(story.keys.mediaId) else {
            return (.recovered(story.keys, rules, story.context(0, after: seconds)), 0)
        }
        guard case .inFlight(let record) = entry else { return nil }
        return (record, version)
    }

    private mutating func finish(_ record: MediaRecord, _ version: Int) throws {
        guard let manifest = Manifest(record) else { return }
        manifests.append(try manifest.encoded())
        let end = try record.announced(story.context(version, after: seconds)).unwrapped()
        #expect(ledger.apply(end.commit) == .committed)
    }

    func checkEnd() throws {
        let id = story.keys.mediaId
        let statuses = ledger.statuses
        guard case .finished(let summary)? = try ledger.entry(id)?.entry else {
            // Nothing at all was heard of a media that has no record.
            #expect(ledger.outputs.isEmpty)
            return
        }
        #expect(statuses.filter(\.data.status.isTerminal).map(\.data.status) == [summary.status])
        #expect(statuses.last?.data.revision == summary.revision)
        let revisions = statuses.map(\.data.revision)
        #expect(revisions == Array((revisions.first ?? 0)...summary.revision))
        #expect(Set(ledger.outputs.filter { $0.stream == .mediaStatus }.map(\.payload)).count == statuses.count)
        #expect(statuses.map(\.id) == revisions.map { "\(id).r\($0)" })
        #expect(ledger.places(of: id) == ["project:demo:\(summary.status.rawValue)"])
        #expect(Set(manifests).count == 1)
        let manifest = try EventCoding.decode(Manifest.self, from: manifests.first.unwrapped())
        #expect(manifest.statusChanged == statuses.last?.data)
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers on every run.
struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
