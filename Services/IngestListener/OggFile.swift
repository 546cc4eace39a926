import Events

/// Ogg: its first pages name all streams, so that a film is told from a sound.
///
/// Sources: RFC 3533, section 6; Theora specification, section 6.2.
enum OggFile {
    static func recognise(_ prefix: ArraySlice<UInt8>) -> FileType? {
        guard prefix.starts(with: Array("OggS\0".utf8)) else { return nil }
        return hasFilm(Array(prefix)) ? FileType("an Ogg video", .ogv) : FileType("an Ogg sound", .ogg)
    }

    private static func hasFilm(_ bytes: [UInt8]) -> Bool {
        var page = 0
        while bytes.count >= page + 28, bytes[page..<page + 4].elementsEqual("OggS".utf8), bytes[page + 5] & 2 != 0 {
            let body = page + 27 + Int(bytes[page + 26])
            guard body < bytes.count else { return false }
            if films.contains(where: { bytes[body...].starts(with: $0) }) { return true }
            page = body + bytes[page + 27..<body].reduce(0) { $0 + Int($1) }
        }
        return false
    }

    private static let films: [[UInt8]] = [
        [0x80] + Array("theora".utf8), Array("OVP80".utf8), Array("BBCD\0".utf8), [0x01] + Array("video".utf8),
    ]
}
