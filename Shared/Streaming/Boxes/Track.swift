/// What the initialisation segment says of its one track.
package struct Track: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// The size at which it is shown, in square pixels.
        case video(width: Int, height: Int)
        case audio(channels: Int, sampleRate: Int)
    }

    package enum VideoRange: String, Sendable { case sdr = "SDR", hlg = "HLG", pq = "PQ" }

    package let kind: Kind
    /// As in CODECS. Source: RFC 6381.
    package let codecs: String
    /// Ticks a second.
    package let timescale: Int
    package let videoRange: VideoRange
    /// Its frames may be made of two fields.
    package let isInterlaced: Bool
    /// Of the media header: three letters of ISO 639-2, `und` where unknown.
    package let language: String

    /// What the edit list adds to composition times, in ticks.
    let editShift: Int64
    let coding: Coding
    let id: Int
    let defaults: SampleDefaults

    package var isVideo: Bool { if case .video = kind { true } else { false } }
    package var size: (width: Int, height: Int)? { if case .video(let width, let height) = kind { (width, height) } else { nil } }
    package var channels: Int? { if case .audio(let channels, _) = kind { channels } else { nil } }

    func seconds(_ ticks: Int64) -> Double { Double(ticks) / Double(timescale) }
}

/// How to find out whether a sample is a key frame.
enum Coding: Sendable, Hashable {
    case avc(lengthSize: Int)
    case hevc(lengthSize: Int)
    case av1
    /// Each sample stands alone, or nobody looks.
    case other
}

/// What `trex`, and above it `tfhd`, say of samples that say nothing themselves.
struct SampleDefaults: Sendable, Hashable {
    var duration: Int
    var size: Int
    var flags: Int
}
