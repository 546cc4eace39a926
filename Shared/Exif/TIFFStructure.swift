/// Whether the directories that we read lie whole within their block. libexif skips what does not and keeps silent about it.
///
/// Source: TIFF 6.0, section 2.
struct TIFFStructure {
    /// An entry or a directory reaches out of the block, or an entry has a format that does not exist.
    private(set) var isDamaged = false
    private let bytes: ArraySlice<UInt8>
    private let isBigEndian: Bool

    /// Nil unless there is a header that points to a directory with entries.
    init?(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        switch Array(bytes.prefix(4)) {
        case [0x49, 0x49, 42, 0]: isBigEndian = false
        case [0x4d, 0x4d, 0, 42]: isBigEndian = true
        default: return nil
        }
        guard let first = number(4, 4), let count = number(first, 2), count > 0 else { return nil }
        checkDirectory(at: first, follow: [0x8769, 0x8825])
    }

    private mutating func checkDirectory(at offset: Int, follow pointers: [Int]) {
        guard let count = number(offset, 2), count > 0, offset + 2 + 12 * count <= bytes.count else { return isDamaged = true }
        for index in 0..<count {
            let entry = offset + 2 + 12 * index
            guard let tag = number(entry, 2), let target = number(entry + 8, 4) else { return isDamaged = true }
            if pointers.contains(tag) { checkDirectory(at: target, follow: []) } else { checkValue(entry, tag, target) }
        }
    }

    /// Maker notes are nobody's business, and editors that move them break them.
    private mutating func checkValue(_ entry: Int, _ tag: Int, _ target: Int) {
        guard let format = number(entry + 2, 2), let count = number(entry + 4, 4), tag != 0x927c else { return }
        guard let size = Self.sizes[format] else { return isDamaged = true }
        let length = size * count
        if length > 4, target + length > bytes.count { isDamaged = true }
    }

    private func number(_ offset: Int, _ size: Int) -> Int? {
        guard offset >= 0, offset + size <= bytes.count else { return nil }
        let slice = bytes[bytes.startIndex + offset..<bytes.startIndex + offset + size]
        return isBigEndian ? slice.reduce(0) { $0 << 8 | Int($1) } : slice.reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// Bytes of one component, by format.
    private static let sizes = [1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1]
}
