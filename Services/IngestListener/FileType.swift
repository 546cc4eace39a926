import Events

/// What a file is, by its first bytes alone.
struct FileType: Sendable, Hashable {
    /// For people, with its article: `a JPEG image`.
    let name: String
    /// Set where the services can work on it.
    var format: MediaFormat?

    init(_ name: String, _ format: MediaFormat? = nil) {
        self.name = name
        self.format = format
    }

    /// So many bytes, at most, are looked at.
    static let prefixLength = 4096

    static let unknown = FileType("of an unknown type")

    /// The first of these that knows the bytes: the signature table, the headers of Ogg and Matroska, the brands of an ISO media file,
    /// the beginnings of text.
    static func recognise(_ bytes: [UInt8]) -> FileType {
        let prefix = bytes.prefix(prefixLength)
        return Signature.table.first { $0.matches(prefix) }?.type ?? OggFile.recognise(prefix) ?? MatroskaFile.recognise(prefix)
            ?? ISOMedia.recognise(prefix) ?? TextFile.recognise(prefix) ?? unknown
    }
}
