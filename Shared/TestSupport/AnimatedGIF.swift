/// Builds GIFs of any number of frames in one colour each.
///
/// Source: GIF89a; pixels are written as uncompressed LZW, a clear code before every second one.
package enum AnimatedGIF {
    /// 2×2 pixels: the first frame is red, all others are blue.
    package static func make(frames: Int) -> [UInt8] {
        let screen: [UInt8] = Array("GIF89a".utf8) + [2, 0, 2, 0, 0x80, 0, 0] + [255, 0, 0, 0, 0, 255]
        return screen + (0..<frames).flatMap { frame(colour: $0 == 0 ? 0 : 1) } + [0x3b]
    }

    private static func frame(colour: UInt8) -> [UInt8] {
        let control: [UInt8] = [0x21, 0xf9, 4, 0, 4, 0, 0, 0]
        let descriptor: [UInt8] = [0x2c, 0, 0, 0, 0, 2, 0, 2, 0, 0]
        // Codes of three bits, least significant first: clear (4), two pixels, clear, two pixels, end (5).
        let codes: [UInt8] = [4, colour, colour, 4, colour, colour, 5]
        var bits = codes.enumerated().reduce(0) { $0 | Int($1.element) << (3 * $1.offset) }
        let packed = (0..<3).map { _ in
            defer { bits >>= 8 }
            return UInt8(bits & 0xff)
        }
        return control + descriptor + [2, 3] + packed + [0]
    }
}
