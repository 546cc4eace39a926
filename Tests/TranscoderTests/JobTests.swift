import AV
import Events
import FoundationEssentials
import Streaming
import TestSupport
import Testing

@testable import Transcoder

/// What people upload, in process: each gives a stream that passes every check, or one error of a kind.
@Suite final class JobTests {
    let directory = TemporaryDirectory()
    deinit { directory.remove() }

    private static let x264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p"

    private func job(_ path: String, _ container: Container, folder: String = "stream") -> Job {
        var encoding = Encoding()
        encoding.preset = "ultrafast"
        return Job(
            original: path, container: container, folder: "\(directory.path)/\(folder)", ladder: Ladder(), encoding: encoding,
            limits: SourceLimits(), earlyFrom: 30, maxOutput: 1 << 30)
    }

    private func run(_ job: Job) throws -> [News] {
        var news: [News] = []
        try job.run { news.append($0) }
        return news
    }

    /// The last stage's result; the job has checked its stream, and here it is checked again.
    private func result(_ path: String, _ container: Container) throws -> TranscodeResult {
        let job = job(path, container)
        guard case .stage(let stage) = try run(job).last else {
            throw AVError(.other, "no stream: \(try run(self.job(path, container, folder: "again")).suffix(1))")
        }
        #expect(StreamCheck.findings(in: job.folder).isEmpty)
        #expect(stage.result.isComplete)
        return stage.result
    }

    private func failure(_ path: String, _ container: Container) throws -> AVError.Code? {
        guard case .failed(let code, _) = try run(job(path, container)).last else { return nil }
        return code
    }

    private func film(_ name: String, _ arguments: String) throws -> String {
        try MediaFile.make(name, in: directory, arguments)
    }

    private func sizes(_ result: TranscodeResult) -> [String] { result.renditions.map { "\($0.width)x\($0.height)" } }

    private func shown(_ folder: String) throws -> [UInt8] {
        let parts = try FileManager.default.contentsOfDirectory(atPath: "\(directory.path)/stream/\(folder)").sorted()
        let files = ["init.mp4"] + parts.filter { $0.hasSuffix(".m4s") }
        return try files.flatMap { try Array(Data(contentsOf: URL(filePath: "\(directory.path)/stream/\(folder)/\($0)"))) }
    }

    @Test(arguments: [-0.3, -0.12, 0.05, 0.09, 0.12, 0.2, 0.3])
    func soundThatEndsALittleEarlierOrLater(_ difference: Double) throws {
        let path = try film(
            "a.mp4", "-f lavfi -i testsrc2=s=320x180:r=24:d=2 -f lavfi -i sine=d=\(2 + difference) \(Self.x264) -c:a aac")
        #expect(try result(path, .mp4).duration >= 1.95)
    }

    /// A few bytes that say of themselves that they last for days, but not in the header.
    @Test func aTimeBeyondTheLimitOfDurations() throws {
        let late = #"-bsf:v setts=ts=if(eq(N\,2)\,200000000\,TS) -f matroska -live 1"#
        let path = try film("a.mkv", "-f lavfi -i testsrc2=s=64x64:r=1:d=3 \(Self.x264) -bf 0 \(late)")
        #expect(try failure(path, .matroska) == .limit)
    }

    @Test func anOrdinaryFilm() throws {
        let path = try film("a.mp4", "-f lavfi -i testsrc2=s=640x360:r=30000/1001:d=8 -f lavfi -i sine=d=8 \(Self.x264) -c:a aac")
        let result = try result(path, .mp4)
        #expect(sizes(result) == ["640x360", "416x234"])
        #expect(result.sounds == ["und"] && abs(result.duration - 8) < 0.1)
        #expect(result.thumbnails.map(\.key).contains("thumbnails/320x180.webp"))
        for name in ["master.m3u8", "manifest.mpd", "poster.jpg", "sprites.vtt", "sprites/1.jpg", "v360/00002.m4s"] {
            #expect(FileManager.default.fileExists(atPath: "\(directory.path)/stream/\(name)"), "\(name)")
        }
    }

    @Test func theFirstRungComesEarly() throws {
        let path = try film("a.mp4", "-f lavfi -i testsrc2=s=640x360:r=10:d=32 \(Self.x264)")
        let stages = try run(job(path, .mp4)).compactMap { news -> Stage? in
            if case .stage(let stage) = news { stage } else { nil }
        }
        #expect(stages.map(\.result.isComplete) == [false, true])
        #expect(stages.map { sizes($0.result) } == [["640x360"], ["640x360", "416x234"]])
        // What was told once does not change, but for the entrances.
        #expect(Set(stages[0].files).isDisjoint(with: stages[1].files))
        #expect(stages[1].texts.map(\.name) == ["v234/index.m3u8", "master.m3u8", "manifest.mpd"])
    }

    @Test func progressRises() throws {
        let path = try film("a.mp4", "-f lavfi -i testsrc2=s=160x90:r=25:d=8 \(Self.x264)")
        let told = try run(job(path, .mp4)).compactMap { news -> Double? in
            if case .progress(let share) = news { share } else { nil }
        }
        #expect(told.count > 10 && told == told.sorted() && told.allSatisfy { (0..<1).contains($0) })
    }

    @Test(arguments: [
        // Name, container, what makes it, renditions.
        ("portrait.mp4", "mp4", "-f lavfi -i testsrc2=s=360x640:r=25:d=2", "360x640 234x416"),
        ("anamorphic.mp4", "mp4", "-f lavfi -i testsrc2=s=720x576:r=25:d=2 -vf setsar=64/45", "1024x576 768x432 416x234"),
        ("odd.mkv", "matroska", "-f lavfi -i testsrc2=s=641x359:r=25:d=2 -c:v ffv1", "640x358 418x234"),
        ("tiny.mkv", "matroska", "-f lavfi -i testsrc2=s=16x16:r=25:d=2 -vf scale=2:2 -c:v ffv1", "2x2"),
        ("fast.mkv", "matroska", "-f lavfi -i testsrc2=s=320x180:r=240:d=1", "320x180"),
        ("interlaced.mp4", "mp4", "-f lavfi -i testsrc2=s=320x240:r=50:d=2 -vf interlace -flags +ildct+ilme", "320x240"),
        ("full444.mp4", "mp4", "-f lavfi -i testsrc2=s=320x180:r=25:d=2 -pix_fmt yuvj444p", "320x180"),
        ("ten.mkv", "matroska", "-f lavfi -i testsrc2=s=320x180:r=25:d=2 -pix_fmt yuv420p10le", "320x180"),
        (
            "av1.mkv", "matroska", "-f lavfi -i testsrc2=s=320x180:r=25:d=1 -pix_fmt yuv420p10le -c:v libsvtav1 -preset 12",
            "320x180"
        ),
        ("slow.mp4", "mp4", "-f lavfi -i testsrc2=s=320x180:r=1:d=9", "320x180"),
        ("one.mp4", "mp4", "-f lavfi -i testsrc2=s=320x180:r=25:d=0.04", "320x180"),
        ("huge.ts", "mpegts", "-f lavfi -i testsrc2=s=320x180:r=25:d=2 -output_ts_offset 95000", "320x180"),
        ("long-gop.mp4", "mp4", "-f lavfi -i testsrc2=s=320x180:r=25:d=13 -g 10000 -sc_threshold 0", "320x180"),
        ("open-gop.mp4", "mp4", "-f lavfi -i testsrc2=s=320x180:r=25:d=4 -bf 2 -x264-params open-gop=1:keyint=30", "320x180"),
        (
            "two.mkv", "matroska", "-f lavfi -i testsrc2=s=320x180:r=25:d=2 -f lavfi -i testsrc=s=160x90:d=2 -map 0 -map 1",
            "320x180"
        ),
    ])
    func pictures(_ name: String, _ container: String, _ arguments: String, _ renditions: String) throws {
        let path = try film(name, arguments)
        let result = try result(path, try #require(Container(rawValue: container)))
        #expect(sizes(result).joined(separator: " ") == renditions)
        #expect(result.renditions.allSatisfy { $0.frameRate <= 30.01 })
    }

    @Test(arguments: ["smpte2084", "arib-std-b67"]) func highDynamicRangeBecomesOrdinary(_ transfer: String) throws {
        let convert =
            "zscale=tin=bt709:min=bt709:pin=bt709:rin=full:t=\(transfer):m=bt2020nc:p=bt2020:r=tv:npl=200,format=yuv420p10le"
        let path = try MediaFile.make(
            "hdr.mkv", in: directory,
            [
                "-f", "lavfi", "-i", "color=white:s=320x180:r=25:d=1", "-vf", convert, "-c:v", "libx264", "-color_primaries",
                "bt2020",
            ]
                + ["-color_trc", transfer, "-colorspace", "bt2020nc"])
        _ = try result(path, .matroska)
        try Data(try shown("v180")).write(to: URL(filePath: "\(directory.path)/shown.mp4"))
        let source = try Source(path: "\(directory.path)/shown.mp4", container: .mp4)
        let streams = source.streams
        let colour = try #require(streams[0].picture?.colour)
        #expect(colour.transfer == "bt709" && colour.matrix == "bt709" && colour.range == "tv")
        // An ordinary screen's white stays bright, and there is room above it.
        let brightness = try brightness(of: "\(directory.path)/shown.mp4")
        #expect((150...230).contains(brightness), "\(brightness)")
    }

    /// The mean of a film's first plane.
    private func brightness(of path: String) throws -> Int {
        try MediaFile.make("raw.gray", in: directory, ["-i", path, "-frames:v", "1", "-vf", "format=gray", "-f", "rawvideo"])
        let bytes = try Data(contentsOf: URL(filePath: "\(directory.path)/raw.gray"))
        return bytes.reduce(0) { $0 + Int($1) } / max(1, bytes.count)
    }

    @Test func variableRatesBecomeSteady() throws {
        let path = try MediaFile.make(
            "vfr.mkv", in: directory,
            ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=30:d=4", "-vf", "select=not(mod(n\\,3))+gt(n\\,60)"]
                + ["-fps_mode", "vfr", "-c:v", "libx264"])
        let result = try result(path, .matroska)
        #expect(abs(result.duration - 4) < 0.1)
    }

    @Test func aBroadcastWhoseClockJumps() throws {
        let first = try film(
            "1.ts", "-f lavfi -i testsrc2=s=320x180:r=25:d=2 -f lavfi -i sine=d=2 -output_ts_offset 95000 \(Self.x264)")
        let second = try film("2.ts", "-f lavfi -i testsrc2=s=320x180:r=25:d=2 -f lavfi -i sine=d=2 \(Self.x264)")
        let both = "\(directory.path)/both.ts"
        try (Data(contentsOf: URL(filePath: first)) + Data(contentsOf: URL(filePath: second))).write(to: URL(filePath: both))
        #expect(abs(try result(both, .mpegts).duration - 4) < 0.3)
    }

    @Test func aSizeThatChangesInTheMiddle() throws {
        let first = try film("1.ts", "-f lavfi -i testsrc2=s=320x180:r=25:d=2 \(Self.x264)")
        let second = try film("2.ts", "-f lavfi -i testsrc2=s=180x320:r=25:d=2 -output_ts_offset 2 \(Self.x264)")
        let both = "\(directory.path)/both.ts"
        try (Data(contentsOf: URL(filePath: first)) + Data(contentsOf: URL(filePath: second))).write(to: URL(filePath: both))
        let result = try result(both, .mpegts)
        #expect(sizes(result) == ["320x180"] && abs(result.duration - 4) < 0.1)
    }

    @Test(arguments: [
        // What the sound is made of; seconds of the stream; languages.
        ("mono.mp4", "mp4", "-f lavfi -i testsrc2=s=160x90:r=25:d=3 -f lavfi -i sine=d=3", 3.0, "und"),
        ("alone.m4a", "mp4", "-f lavfi -i sine=d=7", 7, "und"),
        ("alone.mp3", "mp3", "-f lavfi -i sine=d=3", 3, "und"),
        ("alone.flac", "flac", "-f lavfi -i sine=d=3", 3, "und"),
        ("long.mp4", "mp4", "-f lavfi -i testsrc2=s=160x90:r=25:d=2 -f lavfi -i sine=d=20", 20, "und"),
        ("short.mp4", "mp4", "-f lavfi -i testsrc2=s=160x90:r=25:d=7 -f lavfi -i sine=d=1", 7, "und"),
        ("late.mkv", "matroska", "-f lavfi -i testsrc2=s=160x90:r=25:d=5 -itsoffset 3 -f lavfi -i sine=d=1", 5, "und"),
        (
            "surround.mkv", "matroska",
            "-f lavfi -i testsrc2=s=160x90:d=2 -f lavfi -i sine=d=2 -af pan=5.1|c0=c0|c2=c0|c5=c0 -c:a ac3", 2, "und"
        ),
        (
            "languages.mkv", "matroska",
            "-f lavfi -i testsrc2=s=160x90:d=2 -f lavfi -i sine=d=2 -f lavfi -i sine=d=2 -map 0 -map 1 -map 2 "
                + "-metadata:s:a:0 language=eng -metadata:s:a:1 language=deu", 2, "eng deu"
        ),
    ])
    func sound(_ name: String, _ container: String, _ arguments: String, _ seconds: Double, _ languages: String) throws {
        let result = try result(try film(name, arguments), try #require(Container(rawValue: container)))
        #expect(abs(result.duration - seconds) < 0.15 && result.sounds.joined(separator: " ") == languages)
        #expect(result.renditions.isEmpty == name.hasPrefix("alone"))
    }

    @Test func aCoverIsNoFilm() throws {
        let cover = try film("cover.png", "-f lavfi -i testsrc=s=64x64 -frames:v 1")
        let path = try film(
            "a.m4a", "-f lavfi -i sine=d=2 -i \(cover) -map 0 -map 1 -c:a aac -c:v copy -disposition:v attached_pic")
        let result = try result(path, .mp4)
        #expect(result.renditions.isEmpty && result.sounds == ["und"])
    }

    @Test func subtitlesBecomeWebVTT() throws {
        let text = "1\n00:00:00,500 --> 00:00:01,500\n<i>Hello</i> & bye\n"
        try Data(text.utf8).write(to: URL(filePath: "\(directory.path)/s.srt"))
        let path = try film(
            "a.mp4",
            "-f lavfi -i testsrc2=s=160x90:r=25:d=2 -i \(directory.path)/s.srt \(Self.x264) -c:s mov_text -metadata:s:s language=fra"
        )
        #expect(try result(path, .mp4).subtitles == ["fra"])
        let whole = try String(contentsOf: URL(filePath: "\(directory.path)/stream/s-fra-1.vtt"), encoding: .utf8)
        #expect(whole == "WEBVTT\n\n00:00:00.500 --> 00:00:01.500\nHello &amp; bye\n")
    }

    @Test func noiseInThePacketsIsPassedOver() throws {
        let path = try film("a.mp4", "-f lavfi -i testsrc2=s=320x180:r=25:d=4 \(Self.x264)")
        var bytes = try Data(contentsOf: URL(filePath: path))
        var random = SeededGenerator(seed: 4)
        for _ in 0..<200 {
            bytes[Int.random(in: 3000..<bytes.count - 5000, using: &random)] = .random(in: 0...255, using: &random)
        }
        try bytes.write(to: URL(filePath: path))
        #expect(abs(try result(path, .mp4).duration - 4) < 0.5)
    }

    @Test func whatIsNoMediaIsAnError() throws {
        let path = try film("a.mp4", "-f lavfi -i testsrc2=s=320x180:r=25:d=1 \(Self.x264)")
        let film = try Data(contentsOf: URL(filePath: path))
        let cases: [(Data, AVError.Code)] = [
            (Data(), .truncated), (Data(count: 5000), .unreadable), (film.prefix(film.count / 2), .unreadable),
            (Data("#EXTM3U\n#EXTINF:5,\nfile:///etc/passwd\n#EXTINF:5,\nhttp://127.0.0.1:9/\n".utf8), .unreadable),
            (Data("ffconcat version 1.0\nfile 'file:///etc/passwd'\n".utf8), .unreadable),
        ]
        for (bytes, code) in cases {
            try bytes.write(to: URL(filePath: path))
            #expect(try failure(path, .mp4) == code, "\(bytes.prefix(20))")
        }
    }

    /// Before anything but the header was read.
    @Test func pixelsThatMakeAPictureHugeAreRefused() throws {
        let path = try film("wide.mkv", "-f lavfi -i testsrc2=s=1920x1080:r=25:d=1 -vf setsar=10/1 \(Self.x264)")
        #expect(try failure(path, .matroska) == .limit)
    }

    /// Long, narrow, and within what players decode.
    @Test func aPanoramaIsMadeNarrower() throws {
        let path = try film("wide.mkv", "-f lavfi -i testsrc2=s=8000x400:r=5:d=1 \(Self.x264)")
        #expect(sizes(try result(path, .matroska)) == ["4080x204"])
    }

    /// What lasts nobody knows how long can be played early as well.
    @Test func anUnknownDurationHasAnEarlyStage() throws {
        let path = try film("live.mkv", "-f lavfi -i testsrc2=s=640x360:r=10:d=4 \(Self.x264) -f matroska -live 1")
        let source = try Source(path: path, container: .matroska)
        let duration = source.duration
        #expect(duration == nil)
        let news = try run(job(path, .matroska))
        let stages = news.compactMap { if case .stage(let stage) = $0 { stage.result.renditions.count } else { nil } }
        #expect(stages == [1, 2])
        let told = news.compactMap { if case .progress(let share) = $0 { share } else { nil } }
        #expect(told == told.sorted() && told.last ?? 0 > 0.9, "\(told.suffix(1))")
    }

    /// Nothing but the disk is to blame.
    @Test func aFullDiskIsToldApart() throws {
        let folder = "\(directory.path)/stream"
        try FileManager.default.createDirectory(atPath: "\(folder)/v180", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: "\(folder)/v180/00001.m4s", withDestinationPath: "/dev/full")
        let path = try film("a.mp4", "-f lavfi -i testsrc2=s=320x180:r=25:d=1 \(Self.x264)")
        #expect(try failure(path, .mp4) == .full)
    }

    @Test func tooLargeIsRefusedBeforeItIsDecoded() throws {
        let path = try film("big.mkv", "-f lavfi -i color=s=16384x8192:r=1:d=1 -frames:v 1 -c:v ffv1")
        #expect(try failure(path, .matroska) == .limit)
        let small = try film("a.mp4", "-f lavfi -i testsrc2=s=320x180:r=25:d=1 \(Self.x264)")
        try MediaFile.patch(small, [1, 64, 0, 180, 0, 72, 0, 0], [0xff, 0xff, 0x7f, 0xff, 0, 72, 0, 0])
        #expect(try failure(small, .mp4) == .limit)
    }
}
