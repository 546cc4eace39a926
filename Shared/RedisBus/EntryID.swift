internal import FoundationEssentials

/// The id of an entry of a stream, `milliseconds-number`, in its order.
struct EntryID: Sendable, Hashable, Comparable, CustomStringConvertible {
    let milliseconds: UInt64
    let number: UInt64

    var description: String { "\(milliseconds)-\(number)" }
    var time: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

    static let zero = EntryID(milliseconds: 0, number: 0)

    private init(milliseconds: UInt64, number: UInt64) { (self.milliseconds, self.number) = (milliseconds, number) }

    /// Nil for anything that Redis does not write itself.
    init?(_ text: String) {
        let halves = text.split(separator: "-", omittingEmptySubsequences: false)
        guard halves.count == 2, let milliseconds = UInt64(halves[0]), let number = UInt64(halves[1]) else { return nil }
        self.init(milliseconds: milliseconds, number: number)
        guard description == text else { return nil }
    }

    static func < (one: EntryID, other: EntryID) -> Bool {
        (one.milliseconds, one.number) < (other.milliseconds, other.number)
    }
}
