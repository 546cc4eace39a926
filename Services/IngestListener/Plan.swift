import Events

extension MediaKind {
    /// The steps that a media of this kind needs.
    var plan: [Step] {
        switch self {
        case .image: [.metadata, .variants]
        case .video, .audio: [.metadata, .transcode]
        }
    }
}

extension MediaFormat {
    /// For people.
    var displayName: String {
        switch self {
        case .webp: "WebP"
        case .mov: "QuickTime"
        case .mkv: "Matroska"
        case .webm: "WebM"
        case .mpegts: "MPEG-TS"
        case .ogg, .ogv: "Ogg"
        default: rawValue.uppercased()
        }
    }
}
