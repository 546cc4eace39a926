import AV
import Streaming

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
        /// The rendition's folder: `a-en-1`.
        let name: String
        /// Source: BCP 47.
        let language: String?
    }

    /// Further streams of sound, or of text, are left out.
    static let maxTracks = 8
    /// So many streams are tried in vain before there is only sound: each takes a whole pass.
    static let maxBlind = 3

    /// - Parameter blind: streams of which it is known that no picture can be decoded.
    /// - Throws: `.unsupported` where there is nothing to see and nothing to hear; `.unreadable` where it cannot be seen or heard;
    ///   `.limit` where what there is to see is too large.
    init(_ source: borrowing Source, ladder: Ladder, without blind: Set<Int> = []) throws(AVError) {
        let streams = source.streams.filter { $0.isDecodable }
        let seen = streams.filter { $0.kind == .video && !blind.contains($0.index) }
        let film = blind.count < Self.maxBlind ? Self.film(seen) : nil
        if let picture = film?.picture { try Self.check(picture.displaySize, source.limits) }
        let measured = try film.map { film throws(AVError) in try MeasuredRate(of: film.index, in: source) } ?? nil
        cadence = Cadence(film?.picture?.frameRate, measured: measured)
        let heard = streams.filter { $0.kind == .audio }
        let bitRate = Self.bitRate(of: film, beside: heard, total: source.bitRate)
        video = film.flatMap { [cadence] in Self.video($0, ladder, cadence, bitRate: bitRate) }
        sounds = heard.prefix(Self.maxTracks).enumerated().map { number, stream in
            let language = Self.language(stream)
            return Sound(stream: stream, name: "a-\(language ?? "und")-\(number + 1)", language: language)
        }
        subtitles = streams.filter { $0.kind == .subtitle }.prefix(Self.maxTracks).map { $0 }
        start = source.start
        duration = source.duration
        guard video != nil || !sounds.isEmpty else {
            throw AVError(blind.isEmpty ? .unsupported : .unreadable, "nothing to see and nothing to hear")
        }
    }

    /// The default one, else the largest, else the first; as the metadata say it.
    private static func film(_ streams: [MediaStream]) -> MediaStream? {
        let area = { (stream: MediaStream) in stream.picture.map { $0.width * $0.height } ?? 0 }
        let defaults = streams.filter(\.isDefault)
        return (defaults.isEmpty ? streams : defaults).max { (area($0), -$0.index) < (area($1), -$1.index) }
    }

    private static func video(_ stream: MediaStream, _ ladder: Ladder, _ cadence: Cadence, bitRate: Int?) -> Video? {
        guard let picture = stream.picture else { return nil }
        let size = picture.displaySize
        let shown = Ladder.Source(width: size.width, height: size.height, bitRate: bitRate)
        return Video(stream: stream, picture: picture, rungs: ladder.rungs(for: shown, cadence: cadence))
    }

    /// Some containers only know how many bits there are in all: of what is heard, it is those that the sounds say of themselves.
    private static func bitRate(of film: MediaStream?, beside sounds: [MediaStream], total: Int?) -> Int? {
        film?.bitRate ?? total.map { total in max(total / 20, total - sounds.reduce(0) { $0 + ($1.bitRate ?? 0) }) }
    }

    /// Pixels that are not square may make a small picture a huge one.
    private static func check(_ size: (width: Int, height: Int), _ limits: SourceLimits) throws(AVError) {
        let (pixels, overflow) = size.width.multipliedReportingOverflow(by: size.height)
        guard !overflow, pixels <= limits.maxPixels, max(size.width, size.height) <= limits.maxSide else {
            throw AVError(.limit, "\(size.width)×\(size.height) as displayed")
        }
    }

    static func language(_ stream: MediaStream) -> String? { stream.language.flatMap(LanguageTag.of) }
}
