internal import FoundationEssentials

/// One rung of video, or one track of sound, as its files were measured.
///
/// Its folder holds `init.mp4`, the segments `00001.m4s`, `00002.m4s`, … and the playlists that are written about them.
package struct Rendition: Sendable, Hashable {
    package static let initialization = "init.mp4"
    package static let playlist = "index.m3u8"
    package static let iFramePlaylist = "iframes.m3u8"

    /// Below the stream's folder; without slash.
    package let folder: String
    package let track: Track
    package private(set) var segments: [Segment] = []

    /// - Parameter initialization: the bytes of `init.mp4`.
    package init(folder: String, initialization: [UInt8]) throws(FormatError) {
        self.folder = folder
        track = try Track(initialization: initialization)
    }

    /// Measures the next segment.
    package mutating func append(_ bytes: [UInt8]) throws(FormatError) { segments.append(try Segment(bytes, of: track)) }

    /// Measures what lies in a folder: the segments from 1 on, without a gap.
    /// - Parameter stream: the stream's folder, which `folder` is relative to.
    package init(measuring folder: String, in stream: String) throws {
        let files = StreamFolder(stream)
        try self.init(folder: folder, initialization: try files.read("\(folder)/\(Self.initialization)", limit: Track.maxSize))
        while files.has("\(folder)/\(Self.segmentName(segments.count + 1))") {
            try append(try files.read("\(folder)/\(Self.segmentName(segments.count + 1))", limit: Segment.maxSize))
        }
    }

    /// `00001.m4s`.
    package static func segmentName(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 5 - digits.count)) + digits + ".m4s"
    }

    /// In seconds.
    package var duration: Double { track.seconds(segments.reduce(0) { $0 + $1.duration }) }

    /// Frames a second; zero without any.
    package var frameRate: Double {
        let ticks = segments.reduce(0) { $0 + $1.duration }
        return ticks > 0 ? Double(segments.reduce(0) { $0 + $1.samples }) / track.seconds(ticks) : 0
    }

    var pieces: [Piece] { segments.map { Piece(bytes: $0.bytes, seconds: track.seconds($0.duration)) } }
}
