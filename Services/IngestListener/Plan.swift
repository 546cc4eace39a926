import Events

extension MediaKind {
    /// The steps that a media of this kind needs. Kinds without a service that works on them have no format that is allowed.
    var plan: [Step] {
        switch self {
        case .image: [.metadata, .variants]
        case .video, .audio: []
        }
    }
}

extension MediaFormat {
    /// For people.
    var displayName: String {
        switch self {
        case .webp: "WebP"
        default: rawValue.uppercased()
        }
    }
}
