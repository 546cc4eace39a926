/// The size that a JPEG's frame header declares.
///
/// Source: ITU-T T.81, annex B.
enum JPEGSize {
    /// Nil where there is no frame header to be found.
    static func read(_ bytes: UnsafeRawBufferPointer) -> (width: Int, height: Int)? {
        var position = 2
        while position + 9 <= bytes.count, bytes[position] == 0xff {
            let marker = bytes[position + 1]
            if marker == 0xff {
                position += 1
            } else if isFrame(marker) {
                return (word(bytes, position + 7), word(bytes, position + 5))
            } else {
                position += 2 + max(2, word(bytes, position + 2))
            }
        }
        return nil
    }

    /// SOF0…SOF15 without DHT, JPG and DAC, which share their range.
    private static func isFrame(_ marker: UInt8) -> Bool {
        (0xc0...0xcf).contains(marker) && ![0xc4, 0xc8, 0xcc].contains(marker)
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ position: Int) -> Int {
        Int(bytes[position]) << 8 | Int(bytes[position + 1])
    }
}
