import TestSupport
import Testing

@testable import Streaming

/// Changed bytes are read or refused: never a crash, never a hang.
@Suite struct HostileTests {
    private struct Parts {
        let initialization: [UInt8]
        let segment: [UInt8]

        init(_ video: FFmpeg.Video) throws {
            let cut = try Cut(try Samples.video(video), every: 2)
            (initialization, segment) = (cut.initialization, cut.segments[0])
        }
    }

    private static let videos = [
        FFmpeg.Video(size: "160x90"),
        FFmpeg.Video(
            size: "160x90", seconds: "4.5", options: ["-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1"],
            parameters: "log-level=none:scenecut=0", parameterName: "-x265-params"),
    ]

    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func mutatedBoxesAreReadOrRefused(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let parts = try Parts(Self.videos[Int(seed % 2)])
        let track = try Track(initialization: parts.initialization)
        let deadline = ContinuousClock.now + .seconds(6)
        var (read, refused) = (0, 0)
        for turn in 0..<4000 where ContinuousClock.now < deadline {
            let isHeader = turn % 2 == 0
            // Where the boxes are: most of a segment is mdat, in which nothing can be wrong.
            let bytes = Self.mutated(isHeader ? parts.initialization : parts.segment, within: 1200, &random)
            do {
                if isHeader { _ = try Track(initialization: bytes) } else { _ = try Segment(bytes, of: track) }
                read += 1
            } catch { refused += 1 }
        }
        #expect(read > 100 && refused > 100, "\(read) \(refused)")
    }

    @Test(arguments: [1, 2] as [UInt64]) func mutatedStreamsAreCheckedToTheEnd(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let stream = try TestStream { try $0.addVideo("v90", FFmpeg.Video(size: "160x90")) }
        let paths = ["master.m3u8", "manifest.mpd", "v90/index.m3u8", "v90/iframes.m3u8", "v90/00001.m4s", "v90/init.mp4"]
        let originals = try paths.map { try stream.bytes($0) }
        let deadline = ContinuousClock.now + .seconds(8)
        var found = 0
        for _ in 0..<300 where ContinuousClock.now < deadline {
            let index = Int.random(in: 0..<paths.count, using: &random)
            try stream.put(Self.mutated(originals[index], within: 2000, &random), paths[index])
            if !stream.findings.isEmpty { found += 1 }
            try stream.put(originals[index], paths[index])
        }
        #expect(found > 5)
        #expect(stream.findings == [])
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func mutatedTextsAreReadOrRefused(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let stream = try TestStream()
        let texts = try ["master.m3u8", "v90/iframes.m3u8", "manifest.mpd", "subtitles/en/00001.vtt"].map { try stream.bytes($0) }
        let deadline = ContinuousClock.now + .seconds(5)
        var (read, refused) = (0, 0)
        for turn in 0..<2000 where ContinuousClock.now < deadline {
            let kind = turn % texts.count
            let bytes = Self.mutated(texts[kind], within: .max, &random)
            do {
                switch kind {
                case 0: _ = try MasterPlaylist(bytes)
                case 1: _ = try MediaPlaylist(bytes)
                case 2: _ = try Manifest(bytes)
                default: _ = try WebVTT.read(bytes)
                }
                read += 1
            } catch { refused += 1 }
        }
        #expect(read > 50 && refused > 50, "\(read) \(refused)")
    }

    /// What could take the square of its length takes no more than its length.
    @Test func longTextsAreReadAtOnce() throws {
        let cues = "WEBVTT\n\n" + String(repeating: "00:01.000 --> 00:02.000\n", count: 50_000)
        let elements = "<MPD><Period>" + String(repeating: "<AdaptationSet><Representation/></AdaptationSet>", count: 50_000)
        let start = ContinuousClock.now
        #expect(try WebVTT.read(Array(cues.utf8)).cues.count == 50_000)
        #expect(try Manifest(Array((elements + "</Period></MPD>").utf8)).representations.count == 50_000)
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func aManifestThatWouldGrowIsRefused() {
        let name = String(repeating: "$Number%016d$", count: 40)
        let text = """
            <MPD><Period><AdaptationSet><SegmentTemplate media="\(name)"><SegmentTimeline><S d="1" r="99998"/></SegmentTimeline>
            </SegmentTemplate><Representation/></AdaptationSet></Period></MPD>
            """
        #expect { _ = try Manifest(Array(text.utf8)) } throws: { ($0 as? FormatError)?.code == .tooLarge }
    }

    /// A count of four milliards in 20 bytes; sizes that reach beyond the file; samples on one another.
    @Test func countsAndSizesHaveLimits() throws {
        let parts = try Parts(Self.videos[0])
        let track = try Track(initialization: parts.initialization)
        let run = try Box.all(in: parts.segment[...]).need("moof").children().path("traf").need("trun")
        let start = run.payload.startIndex
        for (offset, value, code) in [
            (4, [0xff, 0xff, 0xff, 0xff], FormatError.Code.tooLarge), (8, [0, 0, 0, 0], .malformed),
            (8, [0x7f, 0, 0, 0], .truncated),
            (16, [0x7f, 0xff, 0xff, 0xff], .truncated),
        ] as [(Int, [UInt8], FormatError.Code)] {
            var bytes = parts.segment
            bytes.replaceSubrange(start + offset..<start + offset + 4, with: value)
            #expect { _ = try Segment(bytes, of: track) } throws: { ($0 as? FormatError)?.code == code }
        }
    }

    @Test func aTimeBeyondCountingIsRefused() throws {
        let stream = try TestStream()
        try stream.shiftTime("v90/00001.m4s", by: 1 << 62)
        #expect(stream.findings.contains { $0.rule == "files-readable" && $0.message.hasPrefix("tooLarge") })
    }

    @Test func manySmallBoxesAreRefused() {
        let boxes = [UInt8](repeating: 0, count: 8 * 20_001).indices.map { $0 % 8 == 3 ? UInt8(8) : 0 }
        #expect { _ = try Box.all(in: boxes[...]) } throws: { ($0 as? FormatError)?.code == .tooLarge }
    }

    private static func mutated(_ original: [UInt8], within: Int, _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = original
        for _ in 0...Int.random(in: 0...6, using: &random) {
            bytes[Int.random(in: 0..<min(within, bytes.count), using: &random)] =
                [0, 1, 0x7f, 0x80, 0xff, 0x30, 0x39, 0x2c, .random(in: 0...255, using: &random)].randomElement(using: &random)
                ?? 0
        }
        switch Int.random(in: 0...9, using: &random) {
        case 0: return Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
        case 1: return bytes + (0..<50).map { _ in .random(in: 0...255, using: &random) }
        case 2:
            let start = Int.random(in: 0..<bytes.count, using: &random)
            return bytes + bytes[start..<min(bytes.count, start + 300)]
        default: return bytes
        }
    }
}
