/// How an upload is cut into parts: all of one size, only the last may be smaller.
struct PartLayout: Sendable, Hashable {
    /// What S3 and our store allow in one upload.
    static let maxParts: Int64 = 10_000
    private static let mebibyte: Int64 = 1 << 20

    /// Bytes of the whole object.
    let size: Int64
    let partSize: Int64

    /// - Parameter atLeast: the part size that is wanted; it grows in whole MiB when 10,000 of them are not enough.
    init(size: Int64, atLeast wanted: Int64) {
        let needed = (size + Self.maxParts - 1) / Self.maxParts
        self.size = size
        partSize = needed <= wanted ? wanted : (needed + Self.mebibyte - 1) / Self.mebibyte * Self.mebibyte
    }

    /// The layout of an upload that was begun with this part size.
    init(size: Int64, partSize: Int64) {
        self.size = size
        self.partSize = max(1, partSize)
    }

    var count: Int { Int((size + partSize - 1) / partSize) }

    /// Bytes of the part `number`, which counts from 1.
    func size(of number: Int) -> Int64 { min(partSize, size - Int64(number - 1) * partSize) }
}
