/// For how long groups did nothing with a stream that had something for them, by what was done in the end. Times are in
/// milliseconds since 1970.
struct Standstills {
    /// A stretch in which a group did nothing with a stream.
    struct Gap {
        let milliseconds: Int
        let line: JournalLine
    }

    /// When Redis was away because of chaos itself: that counts for nobody.
    private let outages: [Range<Int>]
    private var done: [[String]: [(line: JournalLine, time: Int)]] = [:]

    init(outages: [Range<Int>]) { self.outages = outages }

    /// - Parameter time: when it was done.
    mutating func add(_ line: JournalLine, at time: Int) { done[[line.group, line.source], default: []].append((line, time)) }

    /// The longest gap, with what ended it.
    var longest: Gap? {
        done.values.compactMap { longest(of: $0.sorted { $0.time < $1.time }) }.max { $0.milliseconds < $1.milliseconds }
    }

    /// The longest time from an entry's arrival on its stream to its end, in milliseconds.
    var longestWait: Int { done.values.joined().map { length(from: $0.line.since, to: $0.time) }.max() ?? 0 }

    private func longest(of work: [(line: JournalLine, time: Int)]) -> Gap? {
        var longest: Gap?
        // From the last one on: what is done then has waited since.
        var waiting = Int.max
        for (index, (line, time)) in work.enumerated().reversed() {
            waiting = min(waiting, line.since)
            let start = index > 0 ? max(waiting, work[index - 1].time) : waiting
            let gap = Gap(milliseconds: length(from: start, to: time), line: line)
            if gap.milliseconds > longest?.milliseconds ?? -1 { longest = gap }
        }
        return longest
    }

    private func length(from start: Int, to end: Int) -> Int {
        guard start < end else { return 0 }
        return end - start - outages.map { $0.clamped(to: start..<end).count }.reduce(0, +)
    }
}
