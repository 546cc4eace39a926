import FoundationEssentials
import TestSupport

@testable import Streaming

/// Coded media made on the spot with the `ffmpeg` command.
enum FFmpeg {
    /// What a rung is encoded with.
    struct Video: Hashable {
        var size = "320x180"
        var rate = "30"
        var seconds = "13"
        /// Frames from one IDR, and so one fragment, to the next.
        var keyFrames = 30
        var options = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"]
        var parameters = "scenecut=0:open-gop=0"
        var parameterName = "-x264-params"
        var filter = "null"
    }

    struct Sound: Hashable {
        var seconds = "13"
        var channels = 2
        var frequency = 440
        var rate = 48000
    }

    private static let start = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i"]
    private static let fragmented = "+cmaf+empty_moov+default_base_moof"

    /// One file, with one fragment for each group of pictures.
    static func encode(_ video: Video, to path: String) throws {
        let source = "testsrc2=s=\(video.size):r=\(video.rate):d=\(video.seconds)"
        let group = "keyint=\(video.keyFrames):min-keyint=\(video.keyFrames)"
        let parameters = [video.parameterName, video.parameters + ":" + group]
        try ChildProcess.run(
            start + [source, "-vf", video.filter] + video.options + parameters
                + ["-f", "mp4", "-movflags", fragmented + "+frag_keyframe", path])
    }

    /// One file, with one fragment for each packet.
    static func encode(_ sound: Sound, to path: String) throws {
        let source = "sine=f=\(sound.frequency):r=\(sound.rate):d=\(sound.seconds)"
        try ChildProcess.run(
            start + [source, "-c:a", "aac", "-b:a", "96k", "-ac", String(sound.channels)]
                + ["-f", "mp4", "-movflags", fragmented + "+frag_every_frame", path])
    }

    static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

    /// What `ffprobe` says of a file, by key: `-show_entries` in its flat form without quotes.
    static func probe(_ path: String, _ entries: String, _ options: [String] = []) throws -> [[Substring]] {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        let answer = directory.path + "/answer"
        try ChildProcess.run(
            ["ffprobe", "-v", "error"] + options + ["-show_entries", entries, "-of", "csv=p=0", "-o", answer, path])
        let text = String(decoding: try bytes(answer), as: UTF8.self)
        return text.split(separator: "\n").map { $0.split(separator: ",") }
    }
}

/// A fragmented file cut into an initialisation segment and media segments on a grid.
struct Cut {
    let initialization: [UInt8]
    let segments: [[UInt8]]
    let track: Track

    init(_ file: [UInt8], every seconds: Double) throws {
        let boxes = try Box.all(in: file[...])
        initialization = boxes.filter { ["ftyp", "moov"].contains($0.type) }.flatMap { file[$0.range] }
        track = try Track(initialization: initialization)
        var segments: [[UInt8]] = []
        var moof: Box?
        for box in boxes {
            if box.type == "moof" { moof = box }
            guard box.type == "mdat", let header = moof else { continue }
            let fragment = try Fragment(header, data: box, track: track, room: 100_000)
            if track.seconds(fragment.baseTime) + 0.0005 >= Double(segments.count) * seconds { segments.append([]) }
            segments[segments.count - 1] += file[header.range.lowerBound..<box.range.upperBound]
        }
        self.segments = segments
    }
}
