package import AV
package import Events

extension Container {
    /// The demuxer for what ingest-listener recognised; nil for pictures.
    package init?(_ format: MediaFormat) {
        switch format {
        case .mp4, .mov, .m4a: self = .mp4
        case .mkv, .webm: self = .matroska
        case .mpegts: self = .mpegts
        case .avi: self = .avi
        case .ogg, .ogv: self = .ogg
        case .mp3: self = .mp3
        case .flac: self = .flac
        case .wav: self = .wav
        case .jpeg, .png, .webp, .gif, .avif, .heic: return nil
        }
    }
}
