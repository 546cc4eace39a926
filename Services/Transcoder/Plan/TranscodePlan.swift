import AV

/// What is made of one original.
struct TranscodePlan: Sendable, Hashable {
    let video: Video?
    let sounds: [Sound]
    /// Streams of text.
    let subtitles: [MediaStream]
    /// Seconds at which the media begins, as the file counts.
    let start: Double
    /// Seconds; nil where only its end tells.
    let duration: Double?
    /// The grid of the segments, also where there are no pictures.
    let cadence: Cadence

    struct Video: Sendable, Hashable {
        let stream: MediaStream
        let picture: MediaStream.Picture
        let rungs: [Rung]
    }

    struct Sound: Sendable, Hashable {
        let stream: MediaStream
        /// The rendition's folder: `a-eng-1`.
        let name: String
        let language: String?
    }

    /// Further streams of sound, or of text, are left out.
    static let maxTracks = 8

    /// - Throws: `.unsupported` where there is nothing to see and nothing to hear; `.limit` where what there is to see is too large.
    init(_ source: borrowing Source, ladder: Ladder) throws(AVError) {
        let streams = source.streams.filter { $0.isDecodable }
        let film = streams.filter { $0.kind == .video }.sorted { $0.isDefault && !$1.isDefault }.first
        if let picture = film?.picture { try Self.check(picture.displaySize, source.limits) }
        cadence = Cadence(source: film?.picture?.frameRate)
        video = film.flatMap { [cadence, bitRate = source.bitRate] stream in
            Self.video(stream, ladder, cadence, total: bitRate)
        }
        sounds = streams.filter { $0.kind == .audio }.prefix(Self.maxTracks).enumerated().map { number, stream in
            let language = Self.language(stream)
            return Sound(stream: stream, name: "a-\(language ?? "und")-\(number + 1)", language: language)
        }
        subtitles = streams.filter { $0.kind == .subtitle }.prefix(Self.maxTracks).map { $0 }
        start = source.start
        duration = source.duration
        guard video != nil || !sounds.isEmpty else { throw AVError(.unsupported, "nothing to see and nothing to hear") }
    }

    private static func video(_ stream: MediaStream, _ ladder: Ladder, _ cadence: Cadence, total: Int?) -> Video? {
        guard let picture = stream.picture else { return nil }
        let size = picture.displaySize
        let shown = Ladder.Source(width: size.width, height: size.height, bitRate: stream.bitRate ?? total)
        return Video(stream: stream, picture: picture, rungs: ladder.rungs(for: shown, cadence: cadence))
    }

    /// Pixels that are not square may make a small picture a huge one.
    private static func check(_ size: (width: Int, height: Int), _ limits: SourceLimits) throws(AVError) {
        let (pixels, overflow) = size.width.multipliedReportingOverflow(by: size.height)
        guard !overflow, pixels <= limits.maxPixels, max(size.width, size.height) <= limits.maxSide else {
            throw AVError(.limit, "\(size.width)×\(size.height) as displayed")
        }
    }

    /// Letters only: it becomes part of names.
    static func language(_ stream: MediaStream) -> String? {
        guard let language = stream.language?.lowercased(), (2...8).contains(language.utf8.count),
            language.utf8.allSatisfy({ (97...122).contains($0) })
        else { return nil }
        return language
    }
}
