/// Orders what happened to one key. Source: Amazon S3 User Guide, "Event message structure": of two texts the shorter one is filled up
/// with zeros at its right end, then they are compared as texts.
package struct Sequencer: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let description: String

    /// Nil unless it is 1 to 128 hexadecimal digits.
    init?(_ text: String?) {
        guard let text, (1...128).contains(text.utf8.count), text.utf8.allSatisfy(Self.isDigit) else { return nil }
        var digits = Array(text.lowercased().utf8)
        // So that equal ones are equal.
        while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
        description = String(decoding: digits, as: UTF8.self)
    }

    /// Ceph's: seconds and nanoseconds, each as the bytes of a little-endian 32-bit number.
    init?(ceph text: String?) {
        guard let text, text.utf8.count == 16 else { return nil }
        let digits = Array(text.utf8)
        let pairs = [6, 4, 2, 0, 14, 12, 10, 8].flatMap { digits[$0...$0 + 1] }
        self.init(String(decoding: pairs, as: UTF8.self))
    }

    package static func < (left: Sequencer, right: Sequencer) -> Bool {
        // Without zeros at the end the shorter of two that begin alike is the smaller one: as filled up.
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
    }
}
