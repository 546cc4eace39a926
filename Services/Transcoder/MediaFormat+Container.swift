import AV
import Events

extension MediaFormat {
    /// How libavformat is to read it; nil for what is no video and no sound.
    var container: Container? {
        switch rawValue {
        case "mp4", "mov", "m4a": .mp4
        case "mkv", "webm": .matroska
        case "ogv": .ogg
        default: Container(rawValue: rawValue)
        }
    }
}
