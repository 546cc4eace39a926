import AV

/// One video rendition of a ladder.
struct Rung: Sendable, Hashable, Codable {
    private(set) var encoder: VideoEncoder
    /// Pixels, square ones, as displayed; even.
    let width: Int
    let height: Int
    /// Every so many-th frame of the common cadence is in it.
    let step: Int
    /// Bits a second that are never exceeded for long.
    let maxBitRate: Int

    var shortSide: Int { min(width, height) }
    var pixels: Int { width * height }

    /// The same without a graphics card; nil where it needs none.
    var onProcessor: Rung? {
        guard encoder == .nvencH264 else { return nil }
        var copy = self
        copy.encoder = .x264
        return copy
    }

    /// The rendition's folder.
    var name: String {
        switch encoder {
        case .x264, .nvencH264: "v\(shortSide)"
        case .x265: "v\(shortSide)-hevc"
        case .svtAV1: "v\(shortSide)-av1"
        }
    }
}
