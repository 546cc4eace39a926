/// A line of a playlist that means something. Source: RFC 8216, 4.1.
enum PlaylistLine {
    /// `#NAME` or `#NAME:value`.
    case tag(String, Substring)
    case uri(String)

    /// A playlist above this is not looked at, in bytes.
    static let maxSize = 16 << 20

    static func all(in bytes: [UInt8]) throws(FormatError) -> [PlaylistLine] {
        guard bytes.count <= maxSize else { throw FormatError(.tooLarge, "a playlist of \(bytes.count) bytes") }
        let lines = try TextLines.all(in: bytes)
        guard lines.first == "#EXTM3U" else { throw FormatError(.malformed, "no #EXTM3U at the beginning") }
        return lines.dropFirst().compactMap { line in
            if line.hasPrefix("#EXT") {
                let name = line.dropFirst().prefix { $0 != ":" }
                return .tag(String(name), line.dropFirst(name.count + 2))
            }
            return line.isEmpty || line.hasPrefix("#") ? nil : .uri(line)
        }
    }
}
