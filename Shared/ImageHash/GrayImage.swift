/// One channel of 8 bits.
struct GrayImage {
    let width: Int
    let height: Int
    let bytes: [UInt8]
}

extension RGBImage {
    /// Rec. 601 luma in the fixed point of Pillow's `convert("L")`; alpha is ignored.
    var luma: GrayImage {
        let gray = bytes.withUnsafeBufferPointer { bytes in
            [UInt8](unsafeUninitializedCapacity: width * height) { gray, count in
                for pixel in 0..<width * height {
                    let first = pixel &* bands
                    let (r, g, b) = (UInt32(bytes[first]), UInt32(bytes[first &+ 1]), UInt32(bytes[first &+ 2]))
                    gray[pixel] = UInt8(truncatingIfNeeded: (r &* 19595 &+ g &* 38470 &+ b &* 7471 &+ 0x8000) >> 16)
                }
                count = width * height
            }
        }
        return GrayImage(width: width, height: height, bytes: gray)
    }
}
