/// Text in its first bytes: markup that browsers would run, and lists of other files that players would open, are named; the rest is
/// just text.
enum TextFile {
    static func recognise(_ prefix: ArraySlice<UInt8>) -> FileType? {
        let bytes = prefix.starts(with: [0xef, 0xbb, 0xbf]) ? prefix.dropFirst(3) : prefix
        guard !bytes.isEmpty, bytes.allSatisfy(isText) else { return nil }
        let start = String(decoding: bytes.map(lowercased), as: UTF8.self).drop(while: \.isWhitespace)
        for (beginning, type) in beginnings where start.hasPrefix(beginning) {
            return beginning == "<?xml" && start.contains("<svg") ? svg : type
        }
        return FileType("plain text")
    }

    private static let beginnings: [(String, FileType)] = [
        ("<svg", svg),
        ("<!doctype svg", svg),
        ("<?xml", FileType("an XML document")),
        ("<!doctype html", html),
        ("<html", html),
        ("<head", html),
        ("<body", html),
        ("<script", html),
        ("<!--", FileType("an HTML or XML document")),
        ("{\\rtf", FileType("an RTF document")),
        ("#extm3u", FileType("an HLS playlist")),
        ("ffconcat version", FileType("a concat script")),
        ("[playlist]", FileType("a playlist")),
    ]
    private static let svg = FileType("an SVG image")
    private static let html = FileType("an HTML page")

    private static func isText(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7f || (9...13).contains(byte) }

    private static func lowercased(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 0x20 : byte }
}
