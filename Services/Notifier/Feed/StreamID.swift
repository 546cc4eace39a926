/// The id of an entry in a Redis stream: milliseconds and a sequence number, in the order of arrival.
struct StreamID: Hashable, Sendable, Comparable, CustomStringConvertible {
    let milliseconds: UInt64
    let sequence: UInt64

    /// Before every entry.
    static let zero = StreamID(milliseconds: 0, sequence: 0)

    private init(milliseconds: UInt64, sequence: UInt64) {
        self.milliseconds = milliseconds
        self.sequence = sequence
    }

    /// Nil unless `text` has the form `1700000000000-0`.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard text.utf8.count <= 41, parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let milliseconds = UInt64(parts[0]), let sequence = UInt64(parts[1])
        else { return nil }
        self.init(milliseconds: milliseconds, sequence: sequence)
    }

    var description: String { "\(milliseconds)-\(sequence)" }

    static func < (left: StreamID, right: StreamID) -> Bool {
        (left.milliseconds, left.sequence) < (right.milliseconds, right.sequence)
    }
}
