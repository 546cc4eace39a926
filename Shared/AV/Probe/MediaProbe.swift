internal import CAV

/// What can be known of a film or a sound without playing it.
package struct MediaProbe: Sendable, Hashable, Codable {
    /// Seconds; nil where it cannot be found out.
    package let duration: Double?
    /// Bits per second over all streams.
    package let bitRate: Int?
    package let streams: [MediaStream]
    /// Index of the stream that is meant where one speaks of the film: decodable, the default one, else the largest.
    package let video: Int?
    /// The film's frames in time.
    package let cadence: MeasuredRate?
    package let origin: Origin
    /// The file ends before what it promises.
    package let isTruncated: Bool

    /// - Throws: `.unsupported` where neither a picture nor a sound can be decoded, `.unreadable` where it is not even known what
    ///   they are.
    package init(_ source: borrowing Source) throws(AVError) {
        guard source.streams.contains(where: { $0.isDecodable && ($0.kind == .video || $0.kind == .audio) }) else {
            let codecs = source.streams.map(\.codec).joined(separator: ", ")
            let isKnown = source.streams.contains { $0.picture != nil || $0.sound != nil }
            throw AVError(isKnown ? .unsupported : .unreadable, "nothing in it can be decoded: \(codecs)")
        }
        streams = source.streams
        video = source.mainVideo
        origin = Origin(source)
        isTruncated = source.isTruncated
        cadence = try video.map { index throws(AVError) in try MeasuredRate(of: index, in: source) } ?? nil
        let duration = try source.measuredDuration()
        self.duration = duration
        bitRate = source.bitRate ?? duration.map { Int(Double(source.size) * 8 / $0) }
        try source.limits.check(duration: duration)
    }
}

extension Source {
    /// Index of the stream that is the film; nil where there is only sound.
    package var mainVideo: Int? {
        let films = streams.filter { $0.kind == .video && $0.isDecodable }
        let area = { (stream: MediaStream) in stream.picture.map { $0.width * $0.height } ?? 0 }
        let defaults = films.filter(\.isDefault)
        return (defaults.isEmpty ? films : defaults).max { (area($0), -$0.index) < (area($1), -$1.index) }?.index
    }
}
