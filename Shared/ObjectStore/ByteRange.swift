/// A single range of bytes as RFC 9110, section 14.1.2, knows it.
package enum ByteRange: Sendable, Hashable {
    /// From `first` to the end, or to `last` inclusive.
    case from(Int64, through: Int64?)
    case last(Int64)

    /// Reads the value of a `Range` header.
    /// - Returns: nil for anything but one well-formed range of bytes; RFC 9110 lets a server answer the whole object then.
    package static func parse(_ header: String) -> ByteRange? {
        let parts = header.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == "bytes" else { return nil }
        let ends = trim(parts[1]).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2 else { return nil }
        switch (ends[0].isEmpty, ends[1].isEmpty) {
        case (true, true): return nil
        case (true, false): return number(ends[1]).map { .last($0) }
        case (false, true): return number(ends[0]).map { .from($0, through: nil) }
        case (false, false):
            guard let first = number(ends[0]), let last = number(ends[1]), first <= last else { return nil }
            return .from(first, through: last)
        }
    }

    /// The offsets that this range selects of `size` bytes; nil where it selects none ("not satisfiable").
    package func resolve(size: Int64) -> Range<Int64>? {
        switch self {
        case .from(let first, let last):
            guard first >= 0, first < size else { return nil }
            let end = min(last ?? Int64.max - 1, size - 1) + 1
            return end > first ? first..<end : nil
        case .last(let count):
            guard count > 0, size > 0 else { return nil }
            return max(0, size - count)..<size
        }
    }

    /// Digits only: no sign, no blank. A number beyond 64 bits means "further than any object reaches".
    private static func number(_ text: Substring) -> Int64? {
        guard text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int64(text) ?? Int64.max
    }

    private static func trim(_ text: Substring) -> Substring {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        guard let first = text.firstIndex(where: { !isBlank($0) }), let last = text.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return text[first...last]
    }
}
