/// The size that a JPEG or PNG declares, read by ourselves: their libraries refuse sides above their own limits before
/// anybody learns of them.
enum DeclaredSize {
    /// Nil where there is nothing to be found, and for other formats.
    static func read(_ bytes: UnsafeRawBufferPointer, _ loader: ImageLoader) -> (width: Int, height: Int)? {
        switch loader {
        case .jpeg: jpeg(bytes)
        case .png: png(bytes)
        default: nil
        }
    }

    /// Source: ITU-T T.81, annex B.
    private static func jpeg(_ bytes: UnsafeRawBufferPointer) -> (width: Int, height: Int)? {
        var position = 2
        while position + 9 <= bytes.count, bytes[position] == 0xff {
            let marker = bytes[position + 1]
            if marker == 0xff {
                position += 1
            } else if isFrame(marker) {
                return (number(bytes, position + 7, 2), number(bytes, position + 5, 2))
            } else {
                position += 2 + max(2, number(bytes, position + 2, 2))
            }
        }
        return nil
    }

    /// SOF0…SOF15 without DHT, JPG and DAC, which share their range.
    private static func isFrame(_ marker: UInt8) -> Bool {
        (0xc0...0xcf).contains(marker) && ![0xc4, 0xc8, 0xcc].contains(marker)
    }

    /// Source: W3C PNG, section 11.2.1: IHDR comes first.
    private static func png(_ bytes: UnsafeRawBufferPointer) -> (width: Int, height: Int)? {
        guard bytes.count >= 24, bytes[12..<16].elementsEqual("IHDR".utf8) else { return nil }
        return (number(bytes, 16, 4), number(bytes, 20, 4))
    }

    private static func number(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ length: Int) -> Int {
        bytes[start..<start + length].reduce(0) { $0 << 8 | Int($1) }
    }
}
