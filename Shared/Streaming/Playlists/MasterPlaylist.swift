/// A master playlist as it was read. Source: RFC 8216, 4.3.4.
package struct MasterPlaylist: Sendable, Hashable {
    /// `EXT-X-STREAM-INF` with the URI behind it, or `EXT-X-I-FRAME-STREAM-INF`.
    package struct Variant: Sendable, Hashable {
        package let uri: String
        package let attributes: AttributeList
        package let isIFramesOnly: Bool
    }

    package private(set) var version: Int?
    package private(set) var isIndependent = false
    package private(set) var variants: [Variant] = []
    /// The attributes of each `EXT-X-MEDIA`.
    package private(set) var media: [AttributeList] = []

    private static let maxEntries = 1000

    package init(_ bytes: [UInt8]) throws(FormatError) {
        var pending: AttributeList?
        for line in try PlaylistLine.all(in: bytes) {
            switch line {
            case .tag("EXT-X-VERSION", let value): version = Int(value)
            case .tag("EXT-X-INDEPENDENT-SEGMENTS", _): isIndependent = true
            case .tag("EXT-X-MEDIA", let value): media.append(try AttributeList(value))
            case .tag("EXT-X-STREAM-INF", let value): pending = try AttributeList(value)
            case .tag("EXT-X-I-FRAME-STREAM-INF", let value): try addIFrames(try AttributeList(value))
            case .tag("EXTINF", _): throw FormatError(.malformed, "a media playlist where a master playlist should be")
            case .tag: continue
            case .uri(let uri):
                guard let attributes = pending else { throw FormatError(.malformed, "a URI without EXT-X-STREAM-INF") }
                variants.append(Variant(uri: uri, attributes: attributes, isIFramesOnly: false))
                pending = nil
            }
            guard variants.count + media.count <= Self.maxEntries else {
                throw FormatError(.tooLarge, "more than \(Self.maxEntries) entries")
            }
        }
        guard pending == nil else { throw FormatError(.truncated, "EXT-X-STREAM-INF without URI") }
    }

    private mutating func addIFrames(_ attributes: AttributeList) throws(FormatError) {
        guard let uri = attributes.string("URI") else { throw FormatError(.malformed, "EXT-X-I-FRAME-STREAM-INF without URI") }
        variants.append(Variant(uri: uri, attributes: attributes, isIFramesOnly: true))
    }
}
