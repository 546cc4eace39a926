/// What the files of a stream are, by their names. Source: RFC 8216, 10; ISO/IEC 23009-1, annex C.
enum StreamFileType {
    private static let types = [
        "m3u8": "application/vnd.apple.mpegurl", "mpd": "application/dash+xml", "m4s": "video/iso.segment", "mp4": "video/mp4",
        "vtt": "text/vtt", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp",
    ]

    /// Nil for a kind of file that no stream has.
    static func contentType(of name: String) -> String? {
        name.split(separator: ".").last.flatMap { types[String($0)] }
    }
}
