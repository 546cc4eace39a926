/// A walk over a block's directories before libexif sees them: libexif keeps silent about what it skips, and would follow
/// directories that name each other for minutes.
///
/// Source: TIFF 6.0, section 2.
struct TIFFStructure {
    /// An entry or a directory reaches out of the block, or an entry has a format that does not exist.
    private(set) var isDamaged = false
    private let bytes: ArraySlice<UInt8>
    private let isBigEndian: Bool

    private static let maxEntries = 1000
    /// EXIF, GPS and interoperability.
    private static let pointers = [0x8769, 0x8825, 0xa005]

    /// Nil unless there is a header that points to a directory with entries, and directories form a tree of sane size.
    init?(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        switch Array(bytes.prefix(4)) {
        case [0x49, 0x49, 42, 0]: isBigEndian = false
        case [0x4d, 0x4d, 0, 42]: isBigEndian = true
        default: return nil
        }
        guard let first = number(4, 4), let count = number(first, 2), count > 0 else { return nil }
        var (waiting, seen) = ([first], Set<Int>())
        while let offset = waiting.popLast() {
            guard seen.insert(offset).inserted, (number(offset, 2) ?? 0) <= Self.maxEntries else { return nil }
            waiting += checkDirectory(at: offset)
        }
    }

    /// - Returns: the directories that this one points to.
    private mutating func checkDirectory(at offset: Int) -> [Int] {
        let count = number(offset, 2) ?? 0
        let end = offset + 2 + 12 * count
        guard count > 0, end <= bytes.count else {
            isDamaged = true
            return []
        }
        let children = stride(from: offset + 2, to: end, by: 12).compactMap { checkEntry(at: $0) }
        guard let next = number(end, 4), next > 0, next < bytes.count else { return children }
        return children + [next]
    }

    /// - Returns: the directory that the entry points to, if it does.
    private mutating func checkEntry(at offset: Int) -> Int? {
        guard let tag = number(offset, 2), let format = number(offset + 2, 2), let count = number(offset + 4, 4),
            let target = number(offset + 8, 4)
        else { return nil }
        if Self.pointers.contains(tag) { return target }
        // Maker notes are nobody's business, and editors that move them break them.
        guard tag != 0x927c else { return nil }
        let length = Self.sizes[format].map { $0 * count } ?? .max
        if length > 4, length > bytes.count - target { isDamaged = true }
        return nil
    }

    private func number(_ offset: Int, _ size: Int) -> Int? {
        guard offset >= 0, offset + size <= bytes.count else { return nil }
        let slice = bytes[bytes.startIndex + offset..<bytes.startIndex + offset + size]
        return isBigEndian ? slice.reduce(0) { $0 << 8 | Int($1) } : slice.reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// Bytes of one component, by format; 129 is the UTF-8 of Exif 3.0.
    private static let sizes = [1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1]
}
