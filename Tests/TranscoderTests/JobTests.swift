import AV
import Events
import FoundationEssentials
import Streaming
import TestSupport
import Testing

@testable import Transcoder

/// What people upload: each gives a stream that passes every check, or one error of a kind.
@Suite(.timeLimit(.minutes(5))) struct JobTests {
    private let shop = Workshop()

    private static let x264 = Workshop.x264

    /// A few bytes that say of themselves that they last for days, but not in the header.
    @Test func aTimeBeyondTheLimitOfDurations() async throws {
        let late = #"-bsf:v setts=ts=if(eq(N\,2)\,200000000\,TS) -f matroska -live 1"#
        let path = try shop.film("a.mkv", "-f lavfi -i testsrc2=s=64x64:r=1:d=3 \(Self.x264) -bf 0 \(late)")
        #expect(try await shop.failure(path, .matroska) == .limit)
    }

    @Test func anOrdinaryFilm() async throws {
        let path = try shop.film(
            "a.mp4", "-f lavfi -i testsrc2=s=640x360:r=30000/1001:d=8 -f lavfi -i sine=d=8 \(Self.x264) -c:a aac")
        let result = try await shop.result(path, .mp4)
        #expect(shop.sizes(result) == ["640x360", "416x234"])
        #expect(result.sounds == ["und"] && abs(result.duration - 8) < 0.1)
        #expect(result.thumbnails.map(\.key).contains("thumbnails/320x180.webp"))
        for name in ["master.m3u8", "manifest.mpd", "poster.jpg", "sprites.vtt", "sprites/1.jpg", "v360/00002.m4s"] {
            #expect(FileManager.default.fileExists(atPath: "\(shop.directory.path)/stream/\(name)"), "\(name)")
        }
    }

    @Test func theFirstRungComesEarly() async throws {
        let path = try shop.film("a.mp4", "-f lavfi -i testsrc2=s=640x360:r=10:d=32 \(Self.x264)")
        let stages = try await shop.run(shop.job(path, .mp4)).compactMap { news -> Stage? in
            if case .stage(let stage) = news { stage } else { nil }
        }
        #expect(stages.map(\.result.isComplete) == [false, true])
        #expect(stages.map { shop.sizes($0.result) } == [["640x360"], ["640x360", "416x234"]])
        // What was told once does not change, but for the entrances.
        #expect(Set(stages[0].files).isDisjoint(with: stages[1].files))
        #expect(stages[1].texts.map(\.name) == ["v234/index.m3u8", "master.m3u8", "manifest.mpd"])
    }

    /// Also where there is no card at all.
    @Test func whatAGraphicsCardRefusesIsDoneWithout() async throws {
        let path = try shop.film("a.mp4", "-f lavfi -i testsrc2=s=320x180:r=25:d=2 \(Self.x264)")
        var job = try shop.job(path, .mp4)
        job.ladder.encoders = [.nvencH264]
        let result = try await shop.result(job)
        #expect(shop.sizes(result) == ["320x180"] && result.renditions[0].codec.hasPrefix("avc1."))
    }

    @Test func progressRises() async throws {
        let path = try shop.film("a.mp4", "-f lavfi -i testsrc2=s=160x90:r=25:d=8 \(Self.x264)")
        let told = try await shop.run(shop.job(path, .mp4)).compactMap { news -> Double? in
            if case .progress(let share) = news { share } else { nil }
        }
        #expect(told.count > 10 && told == told.sorted() && told.allSatisfy { (0..<1).contains($0) })
    }

    @Test(arguments: [
        // Name, container, what makes it, renditions.
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
        ("long-gop.mp4", "mp4", "-f lavfi -i testsrc2=s=320x180:r=25:d=31 -g 10000 -sc_threshold 0", "320x180"),
        ("open-gop.mp4", "mp4", "-f lavfi -i testsrc2=s=320x180:r=25:d=4 -bf 2 -x264-params open-gop=1:keyint=30", "320x180"),
        (
            "two.mkv", "matroska", "-f lavfi -i testsrc2=s=320x180:r=25:d=2 -f lavfi -i testsrc=s=160x90:d=2 -map 0 -map 1",
            "320x180"
        ),
    ])
    func pictures(_ name: String, _ container: String, _ arguments: String, _ renditions: String) async throws {
        let path = try shop.film(name, arguments)
        let result = try await shop.result(path, try #require(Container(rawValue: container)))
        #expect(shop.sizes(result).joined(separator: " ") == renditions)
        #expect(result.renditions.allSatisfy { $0.frameRate <= 30.01 })
        // Nothing of what was shown is lost.
        let seconds: Double =
            ["one.mp4": 0.04, "slow.mp4": 9, "fast.mkv": 1, "av1.mkv": 1, "open-gop.mp4": 4, "long-gop.mp4": 31][name] ?? 2
        #expect(abs(result.duration - seconds) < 0.13, "\(result.duration)")
    }

    /// As fast as what moves: a screen stands still most of the time, a camera is slower in the dark.
    @Test(arguments: [
        ("not(mod(n\\,3))+gt(n\\,60)", 4), ("lt(n\\,40)+not(mod(n\\,60))+gt(n\\,260)", 10), ("not(eq(mod(n\\,10)\\,3))", 3),
    ])
    func variableRatesBecomeSteady(_ selection: String, _ seconds: Int) async throws {
        for (name, container) in [("vfr.mkv", Container.matroska), ("vfr.mp4", .mp4)] {
            let path = try MediaFile.make(
                name, in: shop.directory,
                ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=30:d=\(seconds)", "-vf", "select=\(selection)"]
                    + ["-fps_mode", "vfr", "-c:v", "libx264"])
            let result = try await shop.result(try shop.job(path, container, folder: "stream"))
            #expect(abs(result.duration - Double(seconds)) < 0.1 && result.renditions[0].frameRate.rounded() == 30)
            #expect(abs(try shop.pictures("v180") - seconds * 30) <= 2)
            try FileManager.default.removeItem(atPath: "\(shop.directory.path)/stream")
        }
    }

    /// Also where the second part is short, or begins where the first one did.
    @Test(arguments: ["-output_ts_offset 95000", "", "-output_ts_offset 30"])
    func aBroadcastWhoseClockJumps(_ start: String) async throws {
        let colours = ["red", "blue"]
        let parts = try colours.map { colour in
            try shop.film(
                "\(colour).ts",
                "-f lavfi -i color=\(colour):s=320x180:r=25:d=2 -f lavfi -i sine=d=2 \(colour == "red" ? start : "") \(Self.x264)"
            )
        }
        #expect(abs(try await shop.result(try shop.joined(parts[0], parts[1]), .mpegts).duration - 4) < 0.3)
        let film = try shop.whole("v180")
        #expect(try shop.colours(film, at: 1, columns: 1, rows: 1)[0][0] > 180)
        #expect(try shop.colours(film, at: 3, columns: 1, rows: 1)[0][2] > 180)
        #expect(try shop.loudness("a-und-1").prefix(4).allSatisfy { $0 > 0.02 })
    }

    /// The sound runs on for a second where the pictures end: they all have that second, whichever pass they are made in.
    @Test func allPassesJumpWithTheClock() async throws {
        let parts = try [("red", 3, 100), ("blue", 2, 5)].map { colour, seconds, offset in
            try shop.film(
                "\(colour).ts",
                "-f lavfi -i color=\(colour):s=640x360:r=25:d=2 -f lavfi -i sine=d=\(seconds) -output_ts_offset \(offset) "
                    + Workshop.x264)
        }
        var job = try shop.job(try shop.joined(parts[0], parts[1]), .mpegts)
        job.earlyFrom = 0
        #expect(shop.sizes(try await shop.result(job)) == ["640x360", "416x234"])
        let seen = try ["v360", "v234"].map { name in
            let film = try shop.whole(name)
            return try stride(from: 1.8, to: 3.5, by: 0.2).map { try shop.colours(film, at: $0, columns: 1, rows: 1)[0][0] > 100 }
        }
        #expect(seen[0] == seen[1] && seen[0].contains(true) && seen[0].contains(false), "\(seen)")
    }

    /// The index is in front, and the film ends in its middle.
    @Test func halfAFilmPlaysAsFarAsItGoes() async throws {
        let path = try shop.film(
            "a.mp4", "-f lavfi -i testsrc2=s=320x180:r=25:d=4 -f lavfi -i sine=d=4 \(Self.x264) -c:a aac -movflags +faststart")
        let bytes = try Data(contentsOf: URL(filePath: path))
        try bytes.prefix(bytes.count * 6 / 10).write(to: URL(filePath: path))
        let seconds = try await shop.result(path, .mp4).duration
        #expect((1.8...3).contains(seconds), "\(seconds)")
    }

    /// Sounds in Matroska take most of the bits that are known of the whole.
    @Test func aSoundsBitsAreNotThePictures() async throws {
        let path = try shop.film(
            "a.mkv", "-f lavfi -i testsrc2=s=320x180:r=25:d=4 -f lavfi -i sine=d=4 \(Self.x264) -b:v 100k -c:a pcm_s16le -ac 2")
        let source = try Source(path: path, container: .matroska)
        let bitRate = source.bitRate
        let total = try #require(bitRate)
        let plan = try TranscodePlan(source, ladder: Ladder())
        let own = try #require(plan.video).rungs[0].maxBitRate
        #expect(own > 24_000 && own <= total - 1_400_000, "\(own) of \(total)")
    }

    @Test(arguments: [[VideoEncoder.x264, .svtAV1], [.x265, .x264]]) func severalCodecsAtOnce(_ encoders: [VideoEncoder])
        async throws
    {
        let path = try shop.film("a.mp4", "-f lavfi -i testsrc2=s=320x180:r=25:d=3 \(Self.x264)")
        var job = try shop.job(path, .mp4)
        job.ladder = Ladder(sides: [180, 120], encoders: encoders)
        let renditions = try await shop.result(job).renditions
        #expect(renditions.count == 4 && Set(renditions.map { $0.codec.prefix(4) }).count == 2, "\(renditions)")
    }

    @Test func aCoverIsNoFilm() async throws {
        let cover = try shop.film("cover.png", "-f lavfi -i testsrc=s=64x64 -frames:v 1")
        let path = try shop.film(
            "a.m4a", "-f lavfi -i sine=d=2 -i \(cover) -map 0 -map 1 -c:a aac -c:v copy -disposition:v attached_pic")
        let result = try await shop.result(path, .mp4)
        #expect(result.renditions.isEmpty && result.sounds == ["und"])
    }

    @Test func subtitlesBecomeWebVTT() async throws {
        let text = "1\n00:00:00,500 --> 00:00:01,500\n<i>Hello</i> & bye\n"
        try Data(text.utf8).write(to: URL(filePath: "\(shop.directory.path)/s.srt"))
        let path = try shop.film(
            "a.mp4",
            "-f lavfi -i testsrc2=s=160x90:r=25:d=2 -i \(shop.directory.path)/s.srt \(Self.x264) -c:s mov_text -metadata:s:s language=fra"
        )
        #expect(try await shop.result(path, .mp4).subtitles == ["fr"])
        let whole = try String(contentsOf: URL(filePath: "\(shop.directory.path)/stream/s-fr-1.vtt"), encoding: .utf8)
        #expect(whole == "WEBVTT\n\n00:00:00.500 --> 00:00:01.500\nHello &amp; bye\n")
    }

    /// A text that stands for ever is no reason to show a picture for ever; one that is there for a moment is left out.
    @Test func subtitlesThatLastTooLongOrTooShort() async throws {
        let text = "1\n00:00:00,500 --> 00:00:00,501\nflash\n\n2\n00:00:01,000 --> 00:00:50,000\nstays\n"
        try Data(text.utf8).write(to: URL(filePath: "\(shop.directory.path)/s.srt"))
        let path = try shop.film(
            "a.mkv", "-f lavfi -i testsrc2=s=160x90:r=25:d=2 -i \(shop.directory.path)/s.srt -map 0 -map 1 \(Self.x264) -c:s srt")
        shop.limits.maxDuration = 60
        let result = try await shop.result(path, .matroska)
        #expect(abs(result.duration - 2) < 0.1 && result.subtitles == ["und"])
        let whole = try shop.text("s-und-1.vtt")
        #expect(whole.contains("stays") && !whole.contains("flash"), "\(whole)")
    }

    @Test func noiseInThePacketsIsPassedOver() async throws {
        let path = try shop.film("a.mp4", "-f lavfi -i testsrc2=s=320x180:r=25:d=4 \(Self.x264)")
        var bytes = try Data(contentsOf: URL(filePath: path))
        var random = SeededGenerator(seed: 4)
        for _ in 0..<200 {
            bytes[Int.random(in: 3000..<bytes.count - 5000, using: &random)] = .random(in: 0...255, using: &random)
        }
        try bytes.write(to: URL(filePath: path))
        #expect(abs(try await shop.result(path, .mp4).duration - 4) < 0.5)
    }

    @Test func whatIsNoMediaIsAnError() async throws {
        let path = try shop.film("a.mp4", "-f lavfi -i testsrc2=s=320x180:r=25:d=1 \(Self.x264)")
        let film = try Data(contentsOf: URL(filePath: path))
        let cases: [(Data, AVError.Code)] = [
            (Data(), .truncated), (Data(count: 5000), .unreadable), (film.prefix(film.count / 2), .unreadable),
            (Data("#EXTM3U\n#EXTINF:5,\nfile:///etc/passwd\n#EXTINF:5,\nhttp://127.0.0.1:9/\n".utf8), .unreadable),
            (Data("ffconcat version 1.0\nfile 'file:///etc/passwd'\n".utf8), .unreadable),
        ]
        for (bytes, code) in cases {
            try bytes.write(to: URL(filePath: path))
            #expect(try await shop.failure(path, .mp4) == code, "\(bytes.prefix(20))")
        }
    }

    /// Before anything but the header was read.
    @Test func pixelsThatMakeAPictureHugeAreRefused() async throws {
        let path = try shop.film("wide.mkv", "-f lavfi -i testsrc2=s=1920x1080:r=25:d=1 -vf setsar=10/1 \(Workshop.x264)")
        #expect(try await shop.failure(path, .matroska) == .limit)
    }

    /// Long, narrow, and within what players decode.
    @Test func aPanoramaIsMadeNarrower() async throws {
        let path = try shop.film("wide.mkv", "-f lavfi -i testsrc2=s=8000x400:r=5:d=1 \(Workshop.x264)")
        #expect(shop.sizes(try await shop.result(path, .matroska)) == ["4080x204"])
    }

    /// What lasts nobody knows how long can be played early as well.
    @Test func anUnknownDurationHasAnEarlyStage() async throws {
        let path = try shop.film("live.mkv", "-f lavfi -i testsrc2=s=640x360:r=10:d=4 \(Workshop.x264) -f matroska -live 1")
        let source = try Source(path: path, container: .matroska)
        let duration = source.duration
        #expect(duration == nil)
        let news = try await shop.run(shop.job(path, .matroska))
        let stages = news.compactMap { if case .stage(let stage) = $0 { stage.result.renditions.count } else { nil } }
        #expect(stages == [1, 2])
        let told = news.compactMap { if case .progress(let share) = $0 { share } else { nil } }
        #expect(told == told.sorted() && told.last ?? 0 > 0.9, "\(told.suffix(1))")
    }

    /// Nothing but the disk is to blame.
    @Test func aFullDiskIsToldApart() throws {
        let folder = "\(shop.directory.path)/stream"
        try FileManager.default.createDirectory(atPath: "\(folder)/v180", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: "\(folder)/v180/00001.m4s", withDestinationPath: "/dev/full")
        let path = try shop.film("a.mp4", "-f lavfi -i testsrc2=s=320x180:r=25:d=1 \(Workshop.x264)")
        // In this process: a worker would not be allowed to touch that device.
        var last: News?
        try shop.job(path, .mp4).run { last = $0 }
        guard case .failed(.full, _)? = last else { throw AVError(.other, "\(String(describing: last))") }
    }

    @Test func tooLargeIsRefusedBeforeItIsDecoded() async throws {
        let path = try shop.film("big.mkv", "-f lavfi -i color=s=16384x8192:r=1:d=1 -frames:v 1 -c:v ffv1")
        #expect(try await shop.failure(path, .matroska) == .limit)
        let small = try shop.film("a.mp4", "-f lavfi -i testsrc2=s=320x180:r=25:d=1 \(Self.x264)")
        try MediaFile.patch(small, [1, 64, 0, 180, 0, 72, 0, 0], [0xff, 0xff, 0x7f, 0xff, 0, 72, 0, 0])
        #expect(try await shop.failure(small, .mp4) == .limit)
    }

    @Test func halfAFragmentedFilmPlaysAsFarAsItGoes() async throws {
        let path = try shop.film(
            "a.mp4",
            "-f lavfi -i testsrc2=s=320x180:r=25:d=8 -f lavfi -i sine=d=8 -g 25 \(Self.x264) -c:a aac "
                + "-movflags frag_keyframe+empty_moov")
        let bytes = try Data(contentsOf: URL(filePath: path))
        try bytes.prefix(bytes.count / 2).write(to: URL(filePath: path))
        let seconds = try await shop.result(path, .mp4).duration
        #expect((2.5...5.5).contains(seconds), "\(seconds)")
        #expect(try Double(shop.pictures("v180")) > (seconds - 1.2) * 25)
    }

    @Test func workHasLimits() async throws {
        let path = try shop.film("a.mp4", "-f lavfi -i testsrc2=s=320x180:r=25:d=4 \(Self.x264)")
        var job = try shop.job(path, .mp4)
        job.maxOutput = 50_000
        #expect(try await shop.failure(job) == .limit)
        job = try shop.job(path, .mp4)
        job.limits.maxFrames = 50
        #expect(try await shop.failure(job) == .limit)
    }

    /// Through the worker as well nothing that a film names is opened; AVI can carry whole files as subtitles.
    @Test(arguments: ["playlist", "ffconcat", "subtitle"]) func nothingThatAFilmNamesIsOpened(_ kind: String) async throws {
        let canary = try Canary()
        let address = "http://127.0.0.1:\(canary.port)/a.ts"
        let playlist =
            "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile://\(canary.path)\n#EXTINF:5,\n\(address)\n#EXT-X-ENDLIST\n"
        let list = "ffconcat version 1.0\nfile '\(canary.path)'\nfile \(address)\n"
        var path = "\(shop.directory.path)/a.mp4"
        try Data((kind == "ffconcat" ? list : playlist).utf8).write(to: URL(filePath: path))
        if kind == "subtitle" {
            let title: [UInt8] = [0x61, 0, 0, 0]
            let size = UInt8(playlist.utf8.count)
            let subtitle: [UInt8] = Array("GAB2\0".utf8) + [2, 0, UInt8(title.count), 0, 0, 0] + title + [4, 0, size, 0, 0, 0]
            try Data(subtitle + Array(playlist.utf8)).write(to: URL(filePath: path))
            let sound = "-f u8 -ar 8000 -ac 1 -i \(path) -c:v mpeg4 -c:a pcm_u8"
            path = try shop.film("a.avi", "-f lavfi -i testsrc2=s=64x36:d=1 \(sound)")
            try MediaFile.patch(path, Array("auds".utf8), Array("txts".utf8))
        }
        _ = canary.hasSung()
        if kind == "subtitle" {
            #expect(shop.sizes(try await shop.result(path, .avi)) == ["64x36"])
        } else {
            #expect(try await shop.failure(path, .mp4) == .unreadable)
        }
        #expect(!canary.hasSung())
    }
}
