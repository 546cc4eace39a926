extension WebVTT {
    /// What a file says, as far as it is to be checked.
    struct File: Sendable {
        let cues: [Cue]
        /// The presentation time of the local time 0, in seconds; nil without `X-TIMESTAMP-MAP`.
        let offset: Double?
    }

    /// A file above this is not looked at, in bytes.
    static let maxSize = 16 << 20

    static func read(_ bytes: [UInt8]) throws(FormatError) -> File {
        let lines = try TextLines.all(in: bytes)
        guard let first = lines.first, first == "WEBVTT" || first.hasPrefix("WEBVTT ") || first.hasPrefix("WEBVTT\t") else {
            throw FormatError(.malformed, "no WEBVTT at the beginning")
        }
        var (cues, offset) = ([Cue](), Double?.none)
        for (index, line) in lines.enumerated() {
            if line.hasPrefix("X-TIMESTAMP-MAP=") { offset = try timestampMap(line) }
            guard let times = timing(line) else { continue }
            guard let start = seconds(times.start), let end = seconds(times.end), start < end else {
                throw FormatError(.malformed, "line \(index + 1): no times of a cue")
            }
            let payload = lines[(index + 1)...].prefix { !$0.isEmpty && timing($0) == nil }.joined(separator: "\n")
            cues.append(Cue(start: start, end: end, payload: payload))
        }
        return File(cues: cues, offset: offset)
    }

    /// What stands before and behind the arrow of a cue.
    private static func timing(_ line: String) -> (start: Substring, end: Substring)? {
        let words = line.utf8.split(separator: UInt8(ascii: " "), maxSplits: 3)
        guard words.count >= 3, words[1].elementsEqual("-->".utf8) else { return nil }
        return (Substring(words[0]), Substring(words[2]))
    }

    /// Source: RFC 8216, 3.5.
    private static func timestampMap(_ line: String) throws(FormatError) -> Double {
        let parts = line.dropFirst("X-TIMESTAMP-MAP=".count).split(separator: ",")
        let local = parts.first { $0.hasPrefix("LOCAL:") }.flatMap { seconds($0.dropFirst(6)) }
        let media = parts.first { $0.hasPrefix("MPEGTS:") }.flatMap { Int64($0.dropFirst(7)) }
        guard let local, let media, parts.count == 2, media >= 0 else { throw FormatError(.malformed, "X-TIMESTAMP-MAP") }
        return Double(media) / 90_000 - local
    }

    /// From `02:03.456` or `01:02:03.456`.
    private static func seconds(_ text: Substring) -> Double? {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(fields.count), let last = fields.last, last.utf8.count == 6 else { return nil }
        var seconds = 0.0
        for field in fields {
            guard field.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }), field.utf8.count <= 6, let value = Double(field)
            else { return nil }
            seconds = seconds * 60 + value
        }
        return seconds
    }
}

/// Text in lines, as playlists and subtitles have it.
enum TextLines {
    /// A line above this is refused, in bytes.
    private static let maxLength = 64 << 10
    private static let maxCount = 500_000

    /// - Throws: where the text is no UTF-8, begins with a byte order mark or holds control characters.
    static func all(in bytes: [UInt8]) throws(FormatError) -> [String] {
        guard !bytes.starts(with: [0xef, 0xbb, 0xbf]) else { throw FormatError(.malformed, "a byte order mark") }
        var lines: [String] = []
        for line in bytes.split(separator: 10, omittingEmptySubsequences: false) {
            let content = line.last == 13 ? line.dropLast() : line
            guard content.count <= maxLength else {
                throw FormatError(.tooLarge, "line \(lines.count + 1) of \(content.count) bytes")
            }
            guard lines.count < maxCount else { throw FormatError(.tooLarge, "more than \(maxCount) lines") }
            guard let text = String(validating: content, as: UTF8.self), !content.contains(where: { $0 < 32 && $0 != 9 }) else {
                throw FormatError(.malformed, "line \(lines.count + 1) is no text")
            }
            lines.append(text)
        }
        return lines
    }
}
