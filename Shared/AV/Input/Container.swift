internal import CAV

/// A kind of file, each read by exactly one demuxer. Nothing is guessed from a file's content: a playlist is never opened, whatever
/// it is called.
package enum Container: String, Sendable, Hashable, Codable, CaseIterable {
    /// MP4, QuickTime, M4A, 3GP.
    case mp4
    /// Also WebM.
    case matroska
    case mpegts, avi, ogg, mp3, flac, wav

    /// The demuxer's name in libavformat.
    var demuxer: String {
        switch self {
        case .mp4: "mov"
        default: rawValue
        }
    }
}
