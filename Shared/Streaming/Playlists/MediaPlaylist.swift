/// A media playlist as it was read. Source: RFC 8216, 4.3.2 and 4.3.3.
package struct MediaPlaylist: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package let uri: String
        /// EXTINF, in seconds.
        package let duration: Double
        /// Of the file's bytes; nil for the whole file.
        package let range: Range<Int>?
        package let map: String?
    }

    package private(set) var version: Int?
    package private(set) var targetDuration: Int?
    package private(set) var type: String?
    package private(set) var hasEnd = false
    package private(set) var isIFramesOnly = false
    package private(set) var isIndependent = false
    package private(set) var discontinuities = 0
    package private(set) var entries: [Entry] = []

    private static let maxEntries = 100_000

    package init(_ bytes: [UInt8]) throws(FormatError) {
        var next = Pending()
        for line in try PlaylistLine.all(in: bytes) {
            switch line {
            case .tag(let name, let value): if try !next.take(name, value) { try take(name, value) }
            case .uri(let uri): entries.append(try next.entry(uri, after: entries.last))
            }
            guard entries.count <= Self.maxEntries else { throw FormatError(.tooLarge, "more than \(Self.maxEntries) segments") }
        }
        guard next.duration == nil else { throw FormatError(.truncated, "EXTINF without URI") }
    }

    private mutating func take(_ name: String, _ value: Substring) throws(FormatError) {
        switch name {
        case "EXT-X-VERSION": version = Int(value)
        case "EXT-X-TARGETDURATION": targetDuration = Int(value)
        case "EXT-X-PLAYLIST-TYPE": type = String(value)
        case "EXT-X-ENDLIST": hasEnd = true
        case "EXT-X-I-FRAMES-ONLY": isIFramesOnly = true
        case "EXT-X-INDEPENDENT-SEGMENTS": isIndependent = true
        case "EXT-X-DISCONTINUITY": discontinuities += 1
        case "EXT-X-STREAM-INF": throw FormatError(.malformed, "a master playlist where a media playlist should be")
        default: break
        }
    }

    /// What has been said of the segment whose URI comes next.
    private struct Pending {
        private(set) var duration: Double?
        private var range: (length: Int, start: Int?)?
        private var map: String?

        /// - Returns: false for tags that say nothing of it.
        mutating func take(_ name: String, _ value: Substring) throws(FormatError) -> Bool {
            switch name {
            case "EXTINF": duration = try Self.seconds(value)
            case "EXT-X-BYTERANGE": range = try Self.range(value)
            case "EXT-X-MAP":
                let attributes = try AttributeList(value)
                guard let uri = attributes.string("URI"), attributes.string("BYTERANGE") == nil else {
                    throw FormatError(.unsupported, "EXT-X-MAP that is not a whole file")
                }
                map = uri
            default: return false
            }
            return true
        }

        mutating func entry(_ uri: String, after last: Entry?) throws(FormatError) -> Entry {
            guard let seconds = duration else { throw FormatError(.malformed, "a URI without EXTINF") }
            defer { (duration, range) = (nil, nil) }
            guard let range else { return Entry(uri: uri, duration: seconds, range: nil, map: map) }
            let before = last?.uri == uri ? last?.range?.upperBound : nil
            guard let start = range.start ?? before else { throw FormatError(.malformed, "EXT-X-BYTERANGE without beginning") }
            return Entry(uri: uri, duration: seconds, range: start..<start + range.length, map: map)
        }

        private static func seconds(_ value: Substring) throws(FormatError) -> Double {
            let text = value.prefix { $0 != "," }
            guard text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }), let seconds = Double(text), seconds < 1e6 else {
                throw FormatError(.malformed, "EXTINF:\(String(text.prefix(20)).printable)")
            }
            return seconds
        }

        private static func range(_ value: Substring) throws(FormatError) -> (Int, Int?) {
            let numbers = value.split(separator: "@", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
            guard (1...2).contains(numbers.count), numbers.allSatisfy({ (0...1 << 40).contains($0) }) else {
                throw FormatError(.malformed, "EXT-X-BYTERANGE:\(String(value.prefix(20)).printable)")
            }
            return (numbers[0], numbers.count == 2 ? numbers[1] : nil)
        }
    }
}
