import AV
import Events

/// What a worker tells its service.
enum News: Codable, Sendable {
    /// From 0 to 1, by the time of the media.
    case progress(Double)
    /// Something that can be played is there.
    case stage(Stage)
    case failed(AVError.Code, String)
}

/// What there is to publish, beyond the stage before.
struct Stage: Codable, Sendable {
    struct Text: Codable, Sendable, Hashable {
        let name: String
        let text: String
    }

    /// Files in the worker's folder; they are not changed any more.
    let files: [String]
    /// Playlists; what later ones name is in earlier ones.
    let texts: [Text]
    /// With names below the folder.
    let result: TranscodeResult
}
