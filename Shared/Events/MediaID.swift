package import FoundationEssentials

/// A media's identity: a UUID version 7 in its 36-character lowercase form, so that ids sort by creation time.
///
/// Source: RFC 9562, section 5.7.
package struct MediaID: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let rawValue: String
    package var description: String { rawValue }

    /// Nil unless `text` is a UUID of version 7 and variant 10 in lowercase.
    package init?(_ text: String) {
        var text = text
        guard text.withUTF8(Self.isValid) else { return nil }
        rawValue = text
    }

    private static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count == 36 else { return false }
        for index in 0..<36 {
            let byte = bytes[index]
            switch index {
            case 8, 13, 18, 23: guard byte == UInt8(ascii: "-") else { return false }
            default: guard (48...57).contains(byte) || (97...102).contains(byte) else { return false }
            }
        }
        return bytes[14] == UInt8(ascii: "7") && (bytes[19] == 56 || bytes[19] == 57 || bytes[19] == 97 || bytes[19] == 98)
    }

    private init(valid: String) { rawValue = valid }

    package static func generate(at time: Date = Date()) -> MediaID {
        let milliseconds = UInt64(max(0, time.timeIntervalSince1970 * 1000)) & 0xffff_ffff_ffff
        let high = milliseconds << 16 | 0x7000 | UInt64.random(in: 0...0xfff)
        let low = 0x8000_0000_0000_0000 | UInt64.random(in: 0...0x3fff_ffff_ffff_ffff)
        return MediaID(valid: text(high, low))
    }

    /// The id that always follows from the same time and digest: for media that come into being in many places at once.
    /// - Parameter digest: its first ten bytes count.
    package static func derived(from digest: some Sequence<UInt8>, at time: Date) -> MediaID {
        let bytes = digest.prefix(10).map(UInt64.init)
        let high = bytes.prefix(2).reduce(0) { $0 << 8 | $1 }
        let low = bytes.dropFirst(2).reduce(0) { $0 << 8 | $1 }
        let milliseconds = UInt64(max(0, time.timeIntervalSince1970 * 1000)) & 0xffff_ffff_ffff
        return MediaID(
            valid: text(
                milliseconds << 16 | 0x7000 | high & 0xfff, 0x8000_0000_0000_0000 | low & 0x3fff_ffff_ffff_ffff))
    }

    /// Nil unless the 128 bits are a UUID of version 7 and variant 10.
    init?(high: UInt64, low: UInt64) { self.init(Self.text(high, low)) }

    /// When the id was made, to the millisecond.
    package var createdAt: Date {
        let digits = rawValue.prefix(8) + rawValue.dropFirst(9).prefix(4)
        return Date(timeIntervalSince1970: Double(UInt64(digits, radix: 16) ?? 0) / 1000)
    }

    /// Which slice of the bus this media belongs to: FNV-1a of the id, modulo `partitions`.
    package func partition(of partitions: Int) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in rawValue.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Int(hash % UInt64(max(1, partitions)))
    }

    package static func < (left: MediaID, right: MediaID) -> Bool { left.rawValue < right.rawValue }

    private static func text(_ high: UInt64, _ low: UInt64) -> String {
        let digits = Array((hex(high) + hex(low)).utf8)
        let groups = [digits[0..<8], digits[8..<12], digits[12..<16], digits[16..<20], digits[20..<32]]
        return groups.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "-")
    }

    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension MediaID: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = MediaID(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not a media id"))
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
