import FoundationEssentials
import TestSupport
import Testing

@testable import Streaming

/// What we measure is what `ffprobe` finds in the same files.
@Suite struct MeasureTests {
    struct Coded: Sendable, CustomTestStringConvertible {
        let name: String
        let video: FFmpeg.Video
        let codecs: String
        var range = Track.VideoRange.sdr
        var size = [160, 90]

        var testDescription: String { name }
    }

    private static func video(_ options: [String], _ parameters: (String, String), filter: String = "null") -> FFmpeg.Video {
        var video = FFmpeg.Video(size: "160x90", seconds: "4.5")
        (video.options, video.filter) = (options, filter)
        (video.parameterName, video.parameters) = parameters
        return video
    }

    private static let avc = ("-x264-params", "scenecut=0:open-gop=0")
    private static let hevc = ("-x265-params", "log-level=none:scenecut=0:open-gop=0")
    private static let av1 = ("-svtav1-params", "rc=0:pred-struct=1")
    private static let hdr = ["-color_primaries", "bt2020", "-colorspace", "bt2020nc"]

    /// Where the container says nothing, the parameters of H.264 do.
    @Test(arguments: [("smpte2084", Track.VideoRange.pq), ("arib-std-b67", .hlg), ("bt709", .sdr)])
    func rangeIsFoundInTheCodedVideoToo(_ transfer: String, _ range: Track.VideoRange) throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        let path = "\(directory.path)/a.mp4"
        var video = FFmpeg.Video(size: "162x90", seconds: "1")
        video.options += ["-color_trc", transfer] + Self.hdr
        video.filter = "setsar=64/45"
        try FFmpeg.encode(video, to: path)
        try MediaFile.patch(path, Array("colr".utf8), Array("free".utf8))
        #expect(try Cut(try FFmpeg.bytes(path), every: 6).track.videoRange == range)
    }

    static let coded = [
        Coded(
            name: "H.264 High", video: video(["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"], avc),
            codecs: "avc1.64000b"),
        Coded(
            name: "H.264 Baseline",
            video: video(["-c:v", "libx264", "-profile:v", "baseline", "-level", "3.1", "-pix_fmt", "yuv420p"], avc),
            codecs: "avc1.42c01f"),
        Coded(
            name: "anamorphic",
            video: video(["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"], avc, filter: "setsar=64/45"),
            codecs: "avc1.64000b", size: [228, 90]),
        Coded(
            name: "HEVC Main",
            video: video(["-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1", "-pix_fmt", "yuv420p"], hevc),
            codecs: "hvc1.1.6.L30.90"),
        Coded(
            name: "HEVC PQ",
            video: video(
                [
                    "-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1", "-pix_fmt", "yuv420p10le", "-color_trc",
                    "smpte2084",
                ] + hdr,
                hevc), codecs: "hvc1.2.4.L30.90", range: .pq),
        Coded(
            name: "HEVC HLG",
            video: video(
                [
                    "-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1", "-pix_fmt", "yuv420p10le", "-color_trc",
                    "arib-std-b67",
                ]
                    + hdr, hevc), codecs: "hvc1.2.4.L30.90", range: .hlg),
        Coded(
            name: "AV1", video: video(["-c:v", "libsvtav1", "-preset", "12", "-pix_fmt", "yuv420p"], av1), codecs: "av01.0.00M.08"
        ),
    ]

    @Test(arguments: coded) func videoIsWhatFFprobeSays(coded: Coded) throws {
        let file = try Samples.video(coded.video)
        let cut = try Cut(file, every: 100)
        let track = try Track(initialization: cut.initialization)
        let segment = try Segment(try #require(cut.segments.first), of: track)
        #expect(track.codecs == coded.codecs)
        #expect(track.videoRange == coded.range && !track.isInterlaced)
        let size = try #require(track.size)
        #expect([size.width, size.height] == coded.size)

        let packets = try Packet.all(in: file)
        #expect(segment.samples == packets.count && cut.segments.count == 1)
        #expect(segment.beginsWithIDR && segment.falseKeyFrames == 0 && segment.leadingSamples == 0 && segment.largestGap == 0)
        let keys = packets.filter(\.isKey)
        #expect(segment.idrTimes.count == keys.count && keys.count == 5)
        // FFmpeg shifts times so that none is shown before it is decoded.
        let shift = packets.map(\.shown).reduce(.infinity, min) - track.seconds(segment.firstShown)
        #expect(segment.firstShown == 0)
        #expect(zip(segment.idrTimes, keys).allSatisfy { abs(track.seconds($0) + shift - $1.shown) < 0.001 })
        #expect(abs(track.seconds(segment.duration) - Packet.duration(of: packets)) < 0.001)
        // The ranges end where the packets end in the file.
        let offset = cut.initialization.count
        #expect(segment.keyFrames.map { $0.range.upperBound + offset } == keys.map { $0.position + $0.size })
    }

    @Test(arguments: [(1, 44100, "mp4a.40.2"), (2, 48000, "mp4a.40.2"), (6, 48000, "mp4a.40.2")])
    func soundIsWhatFFprobeSays(channels: Int, rate: Int, codecs: String) throws {
        let file = try Samples.sound(FFmpeg.Sound(seconds: "3", channels: channels, rate: rate))
        let cut = try Cut(file, every: 100)
        let track = try Track(initialization: cut.initialization)
        #expect(track.kind == .audio(channels: channels, sampleRate: rate))
        #expect(track.codecs == codecs && track.size == nil)
        let segment = try Segment(try #require(cut.segments.first), of: track)
        let packets = try Packet.all(in: file)
        #expect(segment.samples == packets.count)
        // The last packet ends with the sound; FFmpeg calls it as long as the others.
        let excess = Packet.duration(of: packets) - track.seconds(segment.duration)
        #expect((0..<1024 / Double(rate)).contains(excess + 0.001))
    }

    /// Sequence parameter sets as x264 wrote them: profiles, sizes, with scaling lists and without, frames and fields.
    @Test(arguments: [
        ("6742c01fda014016ec0440000003004000000f03c60ca8", false), ("6742c01eda0280bfe5c044000003000400000300f03c58ba80", false),
        ("674d401ef405031f9f0110000003001000000303c1f142aa", true), ("674d4028f403c0226c0440000003004000000f07c58ba8", true),
        ("6742c028da01e0089f970110000003001000000303c0f1832a", false),
        ("6764001facb402802dd80880000003008000001e078c1950", false),
        ("6742c01eda02d0d7a9f0110000030001000003003c0f162ea0", false),
    ])
    func theKindOfPicturesIsRead(set: String, isInterlaced: Bool) throws {
        let digits = Array(set)
        let unit = stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
        #expect(AVCSequence(unit[...])?.isInterlaced == isInterlaced)
        #expect(AVCSequence([0x67, 0x42]) == nil)
    }

    /// The muxer's edit lists delay the picture and skip what the encoder needs to begin.
    @Test func editListsCount() throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        try ChildProcess.run([
            "ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=160x90:r=30:d=3", "-c:v", "libx264", "-bf", "2",
            "-movflags", "+frag_keyframe+delay_moov+default_base_moof", directory.path + "/a.mp4",
        ])
        let file = try FFmpeg.bytes(directory.path + "/a.mp4")
        let cut = try Cut(file, every: 100)
        let track = try Track(initialization: cut.initialization)
        #expect(track.editShift == -1024)
        let segment = try Segment(try #require(cut.segments.first), of: track)
        #expect(segment.firstShown == 0 && segment.start == 0)
        #expect(try Packet.all(in: file).map(\.shown).min() == 0)
    }

    /// A quarter turn in the track's matrix: shown upright, width and height change places.
    @Test func aTurnedTrackIsMeasuredUpright() throws {
        var cut = try Cut(try Samples.video(FFmpeg.Video(size: "160x90")), every: 6).initialization
        let header = try Box.all(in: cut[...]).path("moov", "trak").need("tkhd")
        // Version 0: the matrix follows 44 bytes of header, times, id, duration, layer and volume.
        let matrix = header.range.lowerBound + 48
        for (index, value) in [0, 0x10000, 0, 0xffff_0000, 0, 0, 0x5a0000, 0, 0x4000_0000].enumerated() {
            for byte in 0..<4 { cut[matrix + 4 * index + byte] = UInt8(truncatingIfNeeded: value >> (24 - 8 * byte)) }
        }
        let size = try #require(try Track(initialization: cut).size)
        #expect(size == (90, 160))
    }
}

/// A coded frame as `ffprobe` sees it; times in seconds.
private struct Packet {
    let shown: Double
    /// Nil where FFmpeg does not say.
    let duration: Double?
    let size: Int
    let position: Int
    let isKey: Bool

    static func all(in file: [UInt8]) throws -> [Packet] {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        try Data(file).write(to: URL(filePath: directory.path + "/a.mp4"))
        return try FFmpeg.probe(directory.path + "/a.mp4", "packet=pts_time,duration_time,size,pos,flags").compactMap { fields in
            guard fields.count >= 5, let shown = Double(fields[0]), let size = Int(fields[2]), let position = Int(fields[3])
            else {
                return nil
            }
            let (duration, isKey) = (Double(fields[1]), fields[4].hasPrefix("K"))
            return Packet(shown: shown, duration: duration, size: size, position: position, isKey: isKey)
        }
    }

    /// From when the first is shown until the last has been, each as long as the others.
    static func duration(of packets: [Packet]) -> Double {
        let times = packets.map(\.shown)
        let ends = packets.compactMap { packet in packet.duration.map { packet.shown + $0 } }
        let steady = zip(times.sorted(), times.sorted().dropFirst()).map { $1 - $0 }.max() ?? 0
        return max(ends.max() ?? 0, (times.max() ?? 0) + (ends.isEmpty ? steady : 0)) - (times.min() ?? 0)
    }
}
