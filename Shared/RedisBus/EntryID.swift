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
        guard let dash = text.utf8.firstIndex(of: UInt8(ascii: "-")), let milliseconds = Self.number(text.utf8[..<dash]),
            let number = Self.number(text.utf8[text.utf8.index(after: dash)...])
        else { return nil }
        self.init(milliseconds: milliseconds, number: number)
    }

    /// Digits as Redis writes them, without zeros in front.
    private static func number(_ digits: Substring.UTF8View) -> UInt64? {
        guard let first = digits.first, first != UInt8(ascii: "0") || digits.count == 1 else { return nil }
        var number: UInt64 = 0
        for digit in digits {
            let (tens, isTooGreat) = number.multipliedReportingOverflow(by: 10)
            let (sum, isGreater) = tens.addingReportingOverflow(UInt64(digit) &- 48)
            guard (48...57).contains(digit), !isTooGreat, !isGreater else { return nil }
            number = sum
        }
        return number
    }

    static func < (one: EntryID, other: EntryID) -> Bool {
        (one.milliseconds, one.number) < (other.milliseconds, other.number)
    }
}
