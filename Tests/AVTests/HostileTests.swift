import FoundationEssentials
import TestSupport
import Testing

@testable import AV

/// Files that break, or want to break, who opens them: each gives a probe or one typed error, soon.
@Suite(.timeLimit(.minutes(2))) struct HostileTests {
    @Test(arguments: [
        ("a.mkv", Container.matroska, "-output_ts_offset 1000000"), ("b.mkv", .matroska, "-output_ts_offset 9000000000"),
        ("a.ts", .mpegts, "-output_ts_offset 95443"), ("a.mov", .mp4, "-avoid_negative_ts disabled -output_ts_offset -1"),
        ("a.mp4", .mp4, "-avoid_negative_ts disabled -output_ts_offset 100000"),
    ])
    func negativeAndHugeTimes(_ name: String, _ container: Container, _ offset: String) throws {
        let film = try Film(name, container, Film.card("64x36", seconds: 3) + " -c:v libx264 -pix_fmt yuv420p \(offset)")
        let probe = try film.probe()
        #expect((1.9...3.2).contains(probe.duration ?? 0), "\(probe.duration ?? 0)")
        let cadence = try #require(probe.cadence)
        #expect(abs(cadence.framesPerSecond - 30) < 1, "\(cadence)")
        #expect(try film.still() != nil)
    }

    @Test func aTransportStreamWhoseTimesJump() throws {
        let film = try Film("a.ts", .mpegts, Film.card("64x36", seconds: 3) + " -c:v libx264 -g 30 -pix_fmt yuv420p")
        let later = try Film(
            "b.ts", .mpegts, Film.card("64x36", seconds: 3) + " -c:v libx264 -g 30 -pix_fmt yuv420p -output_ts_offset 500")
        let bytes = try Data(contentsOf: URL(filePath: film.path))
        for both in [try Data(contentsOf: URL(filePath: later.path)) + bytes, bytes + bytes] {
            try both.write(to: URL(filePath: film.path))
            let probe = try film.probe()
            #expect(probe.picture != nil && (2.5...7).contains(probe.duration ?? 0), "\(probe.duration ?? 0)")
            #expect(try film.still() != nil)
        }
    }

    /// 129 KB that want 316 MB.
    @Test func moreSizeThanIsAllowed() throws {
        let film = try Film("a.mkv", .matroska, "-f lavfi -i color=s=16384x8192:r=1:d=1 -c:v ffv1 -pix_fmt yuv420p")
        let start = ContinuousClock.now
        #expect(film.refusal() == .limit)
        #expect(ContinuousClock.now - start < .seconds(2))
    }

    /// A transport stream declares no sizes: they are known only when its pictures are looked into.
    @Test(arguments: [("a.mkv", Container.matroska), ("a.ts", .mpegts), ("a.avi", .avi)])
    func moreSizeThanIsAllowedInEveryContainer(_ name: String, _ container: Container) throws {
        let film = try Film(name, container, Film.card("320x180") + " -c:v mpeg2video")
        #expect(film.refusal(SourceLimits(maxPixels: 320 * 180)) == nil)
        // Its decoder refuses to find out the size.
        let code = film.refusal(SourceLimits(maxPixels: 320 * 180 - 1))
        #expect(code == .limit || code == .unreadable && container == .mpegts)
        #expect(film.refusal(SourceLimits(maxSide: 319)) == .limit)
    }

    @Test func moreStreamsOrTimeThanAreAllowed() throws {
        let film = try Film(
            "a.mkv", .matroska, Film.card("64x36") + " -map 0 -map 0 -map 0 -map 0 -c:v libx264")
        #expect(film.refusal(SourceLimits(maxStreams: 4)) == nil)
        #expect(film.refusal(SourceLimits(maxStreams: 3)) != nil)
        #expect(film.refusal(SourceLimits(maxDuration: 0.5)) == .limit)
    }

    @Test func aSizeThatWasPatchedIn() throws {
        let film = try Film("a.mp4", .mp4, Film.card("640x360") + " -c:v libx264 -pix_fmt yuv420p")
        // The sample entry: a resolution of 72 dpi follows the size (ISO/IEC 14496-12, section 12.1.3).
        try MediaFile.patch(film.path, [2, 128, 1, 104, 0, 72, 0, 0], [255, 255, 127, 255, 0, 72, 0, 0])
        #expect(film.refusal() == .limit)
    }

    @Test func noMoov() throws {
        let film = try Film("a.mp4", .mp4, Film.card("64x36") + " -c:v libx264")
        try MediaFile.patch(film.path, Array("moov".utf8), Array("voom".utf8))
        #expect(film.refusal() == .unreadable)
    }

    @Test func halfAFilm() throws {
        for (options, isReadable) in [("", false), ("-movflags faststart", true), ("-movflags frag_keyframe+empty_moov", true)] {
            let film = try Film(
                "a.mp4", .mp4, Film.card("320x180", seconds: 4) + " -c:v libx264 -g 15 -pix_fmt yuv420p \(options)")
            try cut(film, to: 0.5)
            guard isReadable else {
                #expect(film.refusal() == .unreadable)
                continue
            }
            let probe = try film.probe()
            #expect(probe.streams.map(\.codec) == ["h264"] && probe.picture != nil)
            #expect(probe.isTruncated)
            #expect(try film.still() != nil)
        }
    }

    @Test func halfOfEverythingElse() throws {
        for (name, container) in [("a.mkv", Container.matroska), ("a.ts", .mpegts), ("a.avi", .avi), ("a.ogv", .ogg)] {
            let codec = name == "a.ogv" ? "-c:v libtheora" : "-c:v mpeg4"
            let film = try Film(name, container, Film.card("320x180", seconds: 4) + " \(codec) -g 15")
            try cut(film, to: 0.5)
            #expect(try film.probe().picture != nil, "\(name)")
            #expect(try film.still() != nil, "\(name)")
        }
    }

    @Test(arguments: Container.allCases) func nothingNoiseAndText(_ container: Container) throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        var random = SeededGenerator(seed: 4)
        let noise = (0..<300_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        let text = Array(String(repeating: "Lorem ipsum dolor sit amet. ", count: 1000).utf8)
        for bytes in [[], [0], noise, text, [UInt8](repeating: 0, count: 100_000), [UInt8](repeating: 0xff, count: 100_000)] {
            let path = "\(directory.path)/a"
            try Data(bytes).write(to: URL(filePath: path))
            let code = refusal(of: path, container)
            // Among so much noise there are headers of MP3.
            if bytes == noise, container == .mp3 { continue }
            #expect(code == .unreadable || code == .unsupported || code == .truncated, "\(bytes.prefix(4)): \(code as Any)")
        }
    }

    @Test func noiseInPackets() throws {
        for (name, container, codec) in [
            ("a.mp4", Container.mp4, "libx264"), ("a.mkv", .matroska, "libvpx-vp9"), ("a.ts", .mpegts, "mpeg2video"),
        ] {
            let film = try Film(name, container, Film.card("320x180", seconds: 2) + " -c:v \(codec) -g 15 -pix_fmt yuv420p")
            var bytes = [UInt8](try Data(contentsOf: URL(filePath: film.path)))
            var random = SeededGenerator(seed: 5)
            for place in stride(from: 5000, to: bytes.count - 5000, by: 97) {
                bytes[place] = .random(in: 0...255, using: &random)
            }
            try Data(bytes).write(to: URL(filePath: film.path))
            #expect(try film.probe().picture != nil)
            _ = try film.still()
        }
    }

    @Test func codecsThatAreNotAllowedAreNotDecoded() throws {
        let film = try Film("a.avi", .avi, Film.card("64x36") + " -c:v magicyuv -pix_fmt gbrp")
        #expect(film.refusal() == .unsupported)
        let sounding = try Film("b.mkv", .matroska, Film.card("64x36") + " -f lavfi -i sine=d=1 -c:v magicyuv -pix_fmt gbrp")
        let probe = try sounding.probe()
        #expect(probe.video == nil && probe.streams.map(\.isDecodable) == [false, true])
        #expect(try sounding.still() == nil)
    }

    private func cut(_ film: Film, to share: Double) throws {
        let bytes = try Data(contentsOf: URL(filePath: film.path))
        try bytes.prefix(Int(Double(bytes.count) * share)).write(to: URL(filePath: film.path))
    }
}
