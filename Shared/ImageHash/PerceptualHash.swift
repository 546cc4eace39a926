/// Hashes of what an image looks like: near images differ in few bits. 64 bits as 16 lowercase hex digits, bit for bit those
/// of Python's `imagehash` 4.3 with Pillow. Alpha is ignored.
package enum PerceptualHash {
    /// Both hashes; the luma that they share is computed once.
    package static func hashes(of image: RGBImage) -> (phash: String, dhash: String) {
        let luma = image.luma
        return (phash(luma), dhash(luma))
    }

    /// `imagehash.phash`: which of the 64 lowest frequencies lie above their median.
    package static func phash(_ image: RGBImage) -> String { phash(image.luma) }

    /// `imagehash.dhash`: where brightness rises from left to right.
    package static func dhash(_ image: RGBImage) -> String { dhash(image.luma) }

    private static func phash(_ luma: GrayImage) -> String {
        let small = luma.resized(width: CosineTransform.count, height: CosineTransform.count)
        let low = lowFrequencies(of: small)
        let sorted = low.sorted()
        let median = (sorted[31] + sorted[32]) / 2
        return hex(low.map { $0 > median })
    }

    private static func dhash(_ luma: GrayImage) -> String {
        let small = luma.resized(width: 9, height: 8).bytes
        return hex((0..<64).map { small[$0 / 8 * 9 + $0 % 8 + 1] > small[$0 / 8 * 9 + $0 % 8] })
    }

    /// The upper left 8 × 8 of the two-dimensional transform, row by row: first down the columns, then across.
    private static func lowFrequencies(of image: GrayImage) -> [Double] {
        let count = CosineTransform.count
        let columns = (0..<count).map { x in
            CosineTransform.forward((0..<count).map { Double(image.bytes[$0 * count + x]) })
        }
        return (0..<8).flatMap { y in CosineTransform.forward(columns.map { $0[y] }).prefix(8) }
    }

    /// The first bit is the highest.
    private static func hex(_ bits: [Bool]) -> String {
        let digits = String(bits.reduce(UInt64(0)) { $0 << 1 | ($1 ? 1 : 0) }, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
