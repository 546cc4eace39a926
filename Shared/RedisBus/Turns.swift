/// Whose turn it is: which partition and which of its lanes are asked first, and which partition is taken over from.
struct Turns {
    private let partitions: [[Source]]
    private var turn = 0
    private var nextTakeOver = ContinuousClock.now
    /// Counted apart, because the other turns may keep step with the waits.
    private var takeOverPartition = 0

    init(_ partitions: [[Source]]) { self.partitions = partitions }

    var isTakeOverDue: Bool { ContinuousClock.now >= nextTakeOver }

    /// - Returns: which partition is taken over from in this turn, if one is, only one at a time; and for each partition its
    ///   sources as they are asked, with its share of the limit.
    mutating func next(
        of limit: Int, mayTakeOver: Bool
    ) -> (takeOverPartition: Int?, shares: [(sources: [Source], limit: Int)]) {
        turn &+= 1
        let takeOver = mayTakeOver && isTakeOverDue ? takeOverPartition : nil
        return (takeOver, shares(of: limit, beginningWith: takeOver ?? turn))
    }

    /// Of this partition nothing is left to take over. All of them have their turn in an interval.
    mutating func takeOverFromNext(after interval: Duration) {
        takeOverPartition = (takeOverPartition + 1) % partitions.count
        nextTakeOver = .now + interval / partitions.count
    }

    /// Divides the limit over the partitions from `first` on. A partition whose share is nothing is asked only where the group
    /// stands. The lanes' turn changes when every partition has been first once, or some lanes would never meet some partitions.
    private func shares(of limit: Int, beginningWith first: Int) -> [(sources: [Source], limit: Int)] {
        partitions.rotated(by: first).enumerated().map { index, sources in
            let share = limit / partitions.count + (index < limit % partitions.count ? 1 : 0)
            return (sources.inOrder(of: turn / partitions.count), share)
        }
    }
}

extension [Source] {
    /// The sources as they are asked in a turn: the lane whose turn it is, then the others from the first on.
    fileprivate func inOrder(of turn: Int) -> [Source] {
        let rotated = rotated(by: turn / 2)
        let last = rotated.map(\.lane).max() ?? 0
        let favoured = Swift.min(turn.trailingZeroBitCount, last)
        let order = [favoured] + (0...last).filter { $0 != favoured }
        return order.flatMap { lane in rotated.filter { $0.lane == lane } }
    }
}

extension Array {
    /// The same elements, beginning with another one for each `turn`.
    fileprivate func rotated(by turn: Int) -> [Element] {
        guard count > 1 else { return self }
        let start = Int(UInt(bitPattern: turn) % UInt(count))
        return Array(self[start...] + self[..<start])
    }
}
