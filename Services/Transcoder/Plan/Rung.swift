import AV

/// One video rendition of a ladder.
struct Rung: Sendable, Hashable, Codable {
    let encoder: VideoEncoder
    /// Pixels, square ones, as displayed; even.
    let width: Int
    let height: Int
    /// Every so many-th frame of the common cadence is in it.
    let step: Int
    /// Bits a second that are never exceeded for long.
    let maxBitRate: Int

    var shortSide: Int { min(width, height) }
    var pixels: Int { width * height }

    /// The rendition's folder.
    var name: String {
        switch encoder {
        case .x264, .nvencH264: "v\(shortSide)"
        case .x265: "v\(shortSide)-hevc"
        case .svtAV1: "v\(shortSide)-av1"
        }
    }
}
