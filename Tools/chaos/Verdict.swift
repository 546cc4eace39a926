import Events
import FoundationEssentials
import Redis

/// What the effects say: which promises were broken, and how often things happened.
struct Verdict {
    private(set) var broken: [String] = []
    private(set) var redelivered: [String: Int] = [:]
    private(set) var retried: [String: Int] = [:]
    private(set) var standstills: Standstills
    private let client: RedisClient
    private let partitions: Int

    init(_ client: RedisClient, partitions: Int, outages: [Range<Int>]) {
        self.client = client
        standstills = Standstills(outages: outages)
        self.partitions = partitions
    }

    /// Every event has been handled by every group, and each exactly once.
    mutating func checkJournal(events: Int) async throws {
        var seen: [String: [UInt8]] = [:]
        for stage in Course.stages { seen[stage.group.rawValue] = Array(repeating: 0, count: events) }
        for partition in 0..<partitions {
            try await read(RedisKeys.stream(partition, Course.journal.name)) { payload, time in
                guard let line = try? JSONDecoder().decode(JournalLine.self, from: Data(payload.utf8)),
                    seen[line.group]?.indices.contains(line.number) == true
                else { return broken.append("the journal has a line of nobody's: \(payload)") }
                seen[line.group]?[line.number] += 1
                if line.deliveries > 1 { redelivered[line.group, default: 0] += 1 }
                standstills.add(line, at: time)
                if line.attempt > 1 { retried[line.group, default: 0] += 1 }
                if seen[line.group]?[line.number] == 2 {
                    broken.append("\(line.group) did event \(line.number) more than once (then by \(line.worker))")
                }
            }
        }
        for (group, counts) in seen.sorted(by: { $0.key < $1.key }) {
            for number in counts.indices where counts[number] == 0 { broken.append("\(group) never did event \(number)") }
        }
    }

    /// For how many visibility timeouts a group may do nothing with a stream. One until what a vanished worker held is taken
    /// over, two for which workers are stopped; the same once more when it meets the next worker too; the rest for the slowest
    /// handler and a busy machine.
    static let patience = 8

    /// No group stood still for longer than the promises allow.
    mutating func checkStandstills(visibility: Duration) {
        guard let longest = standstills.longest, .milliseconds(longest.milliseconds) > visibility * Self.patience else { return }
        let line = longest.line
        broken.append("\(line.group) did nothing with \(line.source) for \(longest.milliseconds) ms, and then \(line)")
    }

    /// The counts of each media became true one after the other, without a gap: state and what is told of it agree.
    mutating func checkCounts(of media: [MediaID], perMedia: Int) async throws {
        var last: [String: Int] = [:]
        for partition in 0..<partitions {
            try await read(RedisKeys.stream(partition, Course.counts.name)) { payload, _ in
                guard let line = try? JSONDecoder().decode(CountLine.self, from: Data(payload.utf8)) else { return }
                if line.count != last[line.media, default: 0] + 1 {
                    broken.append("media \(line.media): count \(line.count) was told after \(last[line.media] ?? 0)")
                }
                last[line.media] = line.count
            }
        }
        for id in media where last[id.rawValue] != perMedia {
            broken.append("media \(id): the last count is \(last[id.rawValue] ?? 0), not \(perMedia)")
        }
    }

    /// Every malformed entry is in the dead letters of each group that reads its stream, once, with its reason; and so is every
    /// poisonous event, in those of the group whose workers it killed.
    mutating func checkDeadLetters(
        _ malformed: [(stream: Events.Stream, payload: String)], poison: [String]
    ) async throws {
        for stage in Course.stages {
            var letters: [String: Int] = [:]
            for partition in 0..<partitions {
                let key = RedisKeys.dead(partition, group: stage.group.rawValue)
                try await readFields(key) { fields, _ in
                    let event = fields["event"] ?? ""
                    let reason = stage.group == .relay && poison.contains(event) ? "crashed-worker" : "malformed"
                    if fields["stream"] == stage.stream.name, fields["reason"] == reason {
                        letters[event, default: 0] += 1
                    } else {
                        broken.append("\(stage.group.rawValue) gave up an event: \(fields)")
                    }
                }
            }
            let expected = malformed.filter { $0.stream == stage.stream }.map(\.payload) + (stage.group == .relay ? poison : [])
            for payload in expected where letters[payload] != 1 {
                broken.append("\(stage.group.rawValue) has \(letters[payload] ?? 0) dead letters of \(payload)")
            }
            if letters.count != expected.count { broken.append("\(stage.group.rawValue) has other dead letters") }
        }
    }

    /// What all have acknowledged is gone, and nothing is left beside it.
    mutating func checkMemory() async throws {
        for stage in Course.stages {
            for key in Self.keys(stage.stream, stage.group, partitions) {
                let acks = RedisKeys.acks(of: key)
                let left = try await client.pipeline([["XLEN", key], ["HLEN", acks], ["XPENDING", key, stage.group.rawValue]])
                if left[0] != .integer(0) { broken.append("\(key) still holds \(left[0].integer ?? -1) entries") }
                if left[1] != .integer(0) { broken.append("\(acks) still holds \(left[1].integer ?? -1) notes") }
                if let pending = left[2].array?.first?.integer, pending > 0 { broken.append("\(key) has \(pending) pending") }
            }
        }
        for partition in 0..<partitions {
            let delayed = try await client.send(["ZCARD", RedisKeys.delayed(partition)]).integer ?? 0
            if delayed > 0 { broken.append("partition \(partition) still delays \(delayed) entries") }
        }
    }

    /// Workers died of poison, and of nothing else but what was done to them.
    mutating func checkDeaths(_ deaths: [Int32]) {
        for status in deaths where status != poisoned { broken.append("a worker ended by itself, with status \(status)") }
    }

    static func keys(_ stream: Events.Stream, _ group: Group, _ partitions: Int) -> [String] {
        (0..<partitions).flatMap { partition in
            (0..<stream.lanes).map { RedisKeys.stream(partition, stream.name, lane: $0) }
                + [RedisKeys.retry(partition, stream.name, group: group.rawValue)]
        }
    }

    private func read(_ key: String, _ body: (_ payload: String, _ time: Int) -> Void) async throws {
        try await readFields(key) { body($0["event"] ?? "", $1) }
    }

    /// - Parameter body: gets each entry's fields, and its time in milliseconds since 1970.
    private func readFields(_ key: String, _ body: ([String: String], _ time: Int) -> Void) async throws {
        var start = "-"
        while true {
            let page = try await client.send(["XRANGE", key, start, "+", "COUNT", "5000"]).array ?? []
            for entry in page {
                let fields = (entry.array?[1].array ?? []).compactMap(\.string)
                let pairs = stride(from: 0, to: fields.count - 1, by: 2).map { (fields[$0], fields[$0 + 1]) }
                let time = milliseconds(of: entry.array?.first?.string ?? "")
                body(Dictionary(pairs, uniquingKeysWith: { first, _ in first }), time)
            }
            guard page.count == 5000, let last = page.last?.array?.first?.string else { return }
            start = "(\(last)"
        }
    }
}
