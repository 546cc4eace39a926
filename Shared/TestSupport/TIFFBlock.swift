/// Builds EXIF blocks, sound and unsound, in either byte order.
package struct TIFFBlock: Sendable {
    package enum Value: Sendable {
        case text(String)
        case bytes([UInt8])
        case shorts([UInt16])
        case longs([UInt32])
        case rationals([(UInt32, UInt32)])
        /// Anything at all: a format, a count and the four bytes that hold a value or its offset.
        case raw(format: UInt16, count: UInt32, field: UInt32)
    }

    package typealias Directory = [(tag: UInt16, value: Value)]

    package var main: Directory
    package var photo: Directory
    package var gps: Directory
    package var isBigEndian: Bool

    package init(main: Directory = [], photo: Directory = [], gps: Directory = [], isBigEndian: Bool = false) {
        self.main = main
        self.photo = photo
        self.gps = gps
        self.isBigEndian = isBigEndian
    }

    /// With `Exif\0\0` before it.
    package var bytes: [UInt8] { Array("Exif\0\0".utf8) + tiff }

    /// Without `Exif\0\0`.
    package var tiff: [UInt8] {
        var out: [UInt8] = isBigEndian ? [0x4d, 0x4d, 0, 42, 0, 0, 0, 8] : [0x49, 0x49, 42, 0, 8, 0, 0, 0]
        let pointers: [(UInt16, Directory)] = [(0x8769, photo), (0x8825, gps)].filter { !$0.1.isEmpty }
        let patches = append(main + pointers.map { ($0.0, .longs([0])) }, to: &out)
        for (index, pointer) in pointers.enumerated() {
            let field = patches[main.count + index]
            out.replaceSubrange(field..<field + 4, with: number(out.count, 4))
            _ = append(pointer.1, to: &out)
        }
        return out
    }

    /// - Returns: where the last four bytes of each entry are.
    private func append(_ directory: Directory, to out: inout [UInt8]) -> [Int] {
        let start = out.count + 2
        out += number(directory.count, 2) + [UInt8](repeating: 0, count: directory.count * 12 + 4)
        for (index, entry) in directory.enumerated() {
            let (format, count, data) = encoded(entry.value)
            let field = data.count <= 4 ? data + [UInt8](repeating: 0, count: 4 - data.count) : number(out.count, 4)
            let bytes = number(Int(entry.tag), 2) + number(Int(format), 2) + number(Int(count), 4) + field
            out.replaceSubrange(start + index * 12..<start + index * 12 + 12, with: bytes)
            if data.count > 4 { out += data }
        }
        return directory.indices.map { start + $0 * 12 + 8 }
    }

    private func encoded(_ value: Value) -> (format: UInt16, count: UInt32, data: [UInt8]) {
        switch value {
        case .text(let text): (2, UInt32(text.utf8.count + 1), Array(text.utf8) + [0])
        case .bytes(let bytes): (1, UInt32(bytes.count), bytes)
        case .shorts(let list): (3, UInt32(list.count), list.flatMap { number(Int($0), 2) })
        case .longs(let list): (4, UInt32(list.count), list.flatMap { number(Int($0), 4) })
        case .rationals(let list): (5, UInt32(list.count), list.flatMap { number(Int($0.0), 4) + number(Int($0.1), 4) })
        case .raw(let format, let count, let field): (format, count, number(Int(field), 4))
        }
    }

    private func number(_ value: Int, _ size: Int) -> [UInt8] {
        let little = (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        return isBigEndian ? little.reversed() : little
    }
}

extension TIFFBlock {
    /// What a good camera writes.
    package static func camera(isBigEndian: Bool = false) -> TIFFBlock {
        TIFFBlock(
            main: [(0x010f, .text("Fuji ")), (0x0110, .text(" X-T5")), (0x0112, .shorts([6])), (0x0131, .text("2.01"))],
            photo: [
                (0x829a, .rationals([(10, 2500)])), (0x829d, .rationals([(18, 10)])), (0x8827, .shorts([400])),
                (0x9003, .text("2026:02:28 20:36:00")), (0x9011, .text("+02:00")), (0x9209, .shorts([0x19])),
                (0x920a, .rationals([(353, 10)])), (0xa405, .shorts([53])), (0xa434, .text("XF33mm F1.4 R LM WR")),
            ],
            gps: [
                (1, .text("S")), (2, .rationals([(33, 1), (51, 1), (2556, 100)])), (3, .text("E")),
                (4, .rationals([(151, 1), (12, 1), (3558, 100)])), (5, .bytes([1])), (6, .rationals([(125, 10)])),
            ],
            isBigEndian: isBigEndian)
    }
}
