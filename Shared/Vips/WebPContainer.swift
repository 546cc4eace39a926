/// A WebP file reduced to the chunks that hold its pixels.
///
/// libvips 8.14 puts an EXIF block of its own making into every WebP, asked or not: 200 bytes that nobody needs.
/// Source: WebP Container Specification.
enum WebPContainer {
    /// `file` without EXIF, XMP and profile; unchanged where it is not a WebP of one picture.
    static func bare(_ file: [UInt8]) -> [UInt8] {
        guard let chunks = chunks(of: file), chunks.contains(where: { ["VP8 ", "VP8L"].contains($0.name) }) else { return file }
        let pixels = chunks.filter { ["ALPH", "VP8 ", "VP8L"].contains($0.name) }
        // Only a separate alpha plane needs the extended header, whose one remaining flag says so.
        let header = pixels.first?.name == "ALPH" ? chunks.first { $0.name == "VP8X" } : nil
        let extended = header.map { Array($0.bytes[..<($0.bytes.startIndex + 8)]) + [0x10] + $0.bytes.dropFirst(9) } ?? []
        let body = Array("WEBP".utf8) + extended + pixels.flatMap(\.bytes)
        return Array("RIFF".utf8) + (0..<4).map { UInt8(truncatingIfNeeded: body.count >> (8 * $0)) } + body
    }

    /// The chunks with their headers and padding; nil where the file breaks off.
    private static func chunks(of file: [UInt8]) -> [(name: String, bytes: ArraySlice<UInt8>)]? {
        var chunks: [(String, ArraySlice<UInt8>)] = []
        var rest = file.dropFirst(12)
        while rest.count >= 8 {
            let length = rest.dropFirst(4).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            let whole = 8 + length + length % 2
            guard rest.count >= whole else { return nil }
            chunks.append((String(decoding: rest.prefix(4), as: UTF8.self), rest.prefix(whole)))
            rest = rest.dropFirst(whole)
        }
        return chunks
    }
}
