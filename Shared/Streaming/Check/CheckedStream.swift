/// A stream's files as the rules see them: what they say, and beside it what was measured.
struct CheckedStream {
    static let master = HLSWriter.masterPlaylist

    var version: Int?
    var isIndependent = false
    var variants: [CheckedVariant] = []
    var media: [CheckedMedia] = []
    /// Each once, in the order in which the master playlist names them.
    var playlists: [CheckedPlaylist] = []
    var manifest: Manifest?
    var faults: [Fault] = []

    /// Files that cannot be had, or read.
    struct Fault {
        enum Kind { case outside, missing, unreadable }

        let kind: Kind
        let file: String
        let message: String
    }

    /// Playlists whose segments could all be measured.
    var measured: [CheckedPlaylist] { playlists.filter(\.isMeasured) }
    var videos: [CheckedPlaylist] { measured.filter { $0.role == .video } }
    var sounds: [CheckedPlaylist] { measured.filter { $0.role == .sound } }
    var subtitles: [CheckedPlaylist] { playlists.filter { $0.role == .subtitles } }
    var iFrames: [CheckedPlaylist] { measured.filter { $0.role == .iFrames } }

    func playlist(_ path: String?) -> CheckedPlaylist? { path.flatMap { path in playlists.first { $0.path == path } } }

    /// Seconds of the longest video or sound.
    var duration: Double { (videos + sounds).map(\.measuredDuration).max() ?? 0 }
}

/// `EXT-X-STREAM-INF` or `EXT-X-I-FRAME-STREAM-INF`, with what it leads to.
struct CheckedVariant {
    let declared: MasterPlaylist.Variant
    /// Nil where it cannot be had.
    let path: String?

    var attributes: AttributeList { declared.attributes }
}

/// `EXT-X-MEDIA`, with what it leads to.
struct CheckedMedia {
    let attributes: AttributeList
    let path: String?

    var type: String? { attributes.enumerated("TYPE") }
    var group: String? { attributes.string("GROUP-ID") }
    /// What messages call it.
    var label: String { "\(type ?? "?") \(group ?? "?")/\(attributes.string("NAME") ?? "?")" }
}

struct CheckedPlaylist {
    enum Role { case video, sound, subtitles, iFrames }

    struct Part {
        let entry: MediaPlaylist.Entry
        /// Below the stream's folder.
        let path: String?
        /// Of video and sound: the whole file.
        let segment: Segment?
        /// Of subtitles.
        let text: WebVTT.File?
        /// Of the whole file.
        let bytes: Int?
    }

    let path: String
    let list: MediaPlaylist
    let role: Role
    let track: Track?
    let map: String?
    let parts: [Part]

    var segments: [Segment] { parts.compactMap(\.segment) }
    var isMeasured: Bool { role != .subtitles && track != nil && !parts.isEmpty && segments.count == parts.count }

    func seconds(_ ticks: Int64) -> Double { track?.seconds(ticks) ?? 0 }

    var measuredDuration: Double { seconds(segments.reduce(0) { $0 + $1.duration }) }
    var declaredDuration: Double { list.entries.reduce(0) { $0 + $1.duration } }
    /// Seconds of the longest sample.
    var longestSample: Double { seconds(Int64(segments.map(\.longestSample).max() ?? 0)) }
    var target: Int { list.targetDuration ?? 1 }

    /// What its bit rate is made of.
    var pieces: [Piece] {
        parts.map { part in
            let bytes = part.entry.range?.count ?? part.bytes ?? 0
            let isWhole = role == .video || role == .sound
            return Piece(bytes: bytes, seconds: isWhole ? seconds(part.segment?.duration ?? 0) : part.entry.duration)
        }
    }

    var rate: BitRate { BitRate(pieces, target: target) }
}
