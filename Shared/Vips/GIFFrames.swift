/// How many frames a GIF has, counted by ourselves: libvips' reader stops at 4,097.
///
/// Source: GIF89a specification, sections 18 to 27.
struct GIFFrames {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    private init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The frames up to the trailer, or to where the file breaks off.
    static func count(_ bytes: UnsafeRawBufferPointer) -> Int {
        var reader = GIFFrames(bytes)
        return reader.count()
    }

    private mutating func count() -> Int {
        guard bytes.count > 13 else { return 0 }
        position = 13 + Self.colourTable(bytes[10])
        var frames = 0
        while position < bytes.count {
            switch bytes[position] {
            case 0x21: position += 2
            case 0x2c where position + 10 < bytes.count:
                frames += 1
                position += 11 + Self.colourTable(bytes[position + 9])
            default: return frames
            }
            skipBlocks()
        }
        return frames
    }

    /// Blocks of a length byte and as many bytes, up to an empty one.
    private mutating func skipBlocks() {
        while position < bytes.count, bytes[position] != 0 { position += 1 + Int(bytes[position]) }
        position += 1
    }

    /// The bytes of the colour table that follows such flags.
    private static func colourTable(_ flags: UInt8) -> Int { flags & 0x80 == 0 ? 0 : 3 << (Int(flags & 7) + 1) }
}
