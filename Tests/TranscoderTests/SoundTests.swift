import AV
import Events
import FoundationEssentials
import Sandbox
import Streaming
import TestSupport
import Testing

@testable import Transcoder

/// What becomes of sound: it is where it was, as loud as it was, to the end.
@Suite(.timeLimit(.minutes(5))) struct SoundTests {
    private let shop = Workshop()

    @Test(arguments: [
        // What the sound is made of; seconds of the stream; languages.
        ("mono.mp4", "mp4", "-f lavfi -i testsrc2=s=160x90:r=25:d=3 -f lavfi -i sine=d=3", 3.0, "und"),
        ("alone.m4a", "mp4", "-f lavfi -i sine=d=7", 7, "und"),
        ("alone.mp3", "mp3", "-f lavfi -i sine=d=3", 3, "und"),
        ("alone.flac", "flac", "-f lavfi -i sine=d=3", 3, "und"),
        ("long.mp4", "mp4", "-f lavfi -i testsrc2=s=160x90:r=25:d=2 -f lavfi -i sine=d=60", 60, "und"),
        ("short.mp4", "mp4", "-f lavfi -i testsrc2=s=160x90:r=25:d=7 -f lavfi -i sine=d=1", 7, "und"),
        ("late.mkv", "matroska", "-f lavfi -i testsrc2=s=160x90:r=25:d=5 -itsoffset 3 -f lavfi -i sine=d=1", 5, "und"),
        (
            "surround.mkv", "matroska",
            "-f lavfi -i testsrc2=s=160x90:d=2 -f lavfi -i sine=d=2 -af pan=5.1|c0=c0|c2=c0|c5=c0 -c:a ac3", 2, "und"
        ),
        (
            "languages.mkv", "matroska",
            "-f lavfi -i testsrc2=s=160x90:d=2 -f lavfi -i sine=d=2 -f lavfi -i sine=d=2 -map 0 -map 1 -map 2 "
                + "-metadata:s:a:0 language=eng -metadata:s:a:1 language=deu", 2, "en de"
        ),
    ])
    func sound(_ name: String, _ container: String, _ arguments: String, _ seconds: Double, _ languages: String) async throws {
        let result = try await shop.result(try shop.film(name, arguments), try #require(Container(rawValue: container)))
        #expect(abs(result.duration - seconds) < 0.15 && result.sounds.joined(separator: " ") == languages)
        #expect(result.renditions.isEmpty == name.hasPrefix("alone"))
        let loud = try shop.loudness("a-\(result.sounds[0])-1").map { $0 > 0.02 }
        let expected: [Bool] =
            switch name {
            case "late.mkv": [false, false, false, true, false]
            case "short.mp4": [true] + Array(repeating: false, count: 6)
            default: Array(repeating: true, count: Int(seconds))
            }
        #expect(Array(loud.prefix(Int(seconds))) == expected)
    }

    @Test(arguments: [-0.3, -0.12, 0.05, 0.09, 0.12, 0.2, 0.3])
    func soundThatEndsALittleEarlierOrLater(_ difference: Double) async throws {
        let path = try shop.film(
            "a.mp4", "-f lavfi -i testsrc2=s=320x180:r=24:d=2 -f lavfi -i sine=d=\(2 + difference) \(Workshop.x264) -c:a aac")
        #expect(try await shop.result(path, .mp4).duration >= 1.95)
    }

    /// In a transport stream as well, where a gap of all streams would be a jump of the clock.
    @Test(arguments: [("a.ts", Container.mpegts), ("a.mkv", .matroska)])
    func soundAfterAPauseComesWhenItShould(_ name: String, _ container: Container) async throws {
        let pause = "-f lavfi -i sine=d=22 -af aselect=lt(t\\,1)+gt(t\\,20)"
        let path = try shop.film(
            name, "-f lavfi -i testsrc2=s=160x90:r=25:d=23 \(pause) \(Workshop.x264) -c:a mp2")
        #expect(abs(try await shop.result(path, container).duration - 23) < 0.2)
        let loud = try shop.loudness("a-und-1").map { $0 > 0.02 }
        let expected = [true] + Array(repeating: false, count: 19) + [true, true]
        #expect(Array(loud.prefix(22)) == expected)
    }

    /// So much silence at once would be 600 MB.
    @Test func aLongGapTakesNoMemory() async throws {
        let path = try shop.film("a.mkv", "-f lavfi -i sine=d=2 -af asetpts=PTS+gt(T\\,1)*1600/TB -c:a flac")
        shop.worker.memory = 900 << 20
        #expect(abs(try await shop.result(path, .matroska).duration - 1602) < 1)
    }

    @Test(arguments: [(3, 0), (2, 9), (70, 0), (5, 0x37 & ~1)]) func channelsInOddPlaces(_ channels: Int, _ mask: Int)
        async throws
    {
        let path = "\(shop.directory.path)/a.wav"
        try Data(Wave.tone(channels: channels, mask: mask)).write(to: URL(filePath: path))
        guard channels <= 64 else {
            #expect(try await shop.failure(path, .wav) == .unsupported)
            return
        }
        _ = try await shop.result(path, .wav)
        #expect(try shop.loudness("a-und-1").prefix(2).allSatisfy { $0 > 0.02 })
    }

    @Test func whichSoundIsMeantIsKept() async throws {
        let text = "1\n00:00:00,500 --> 00:00:01,500\nHello\n"
        try Data(text.utf8).write(to: URL(filePath: "\(shop.directory.path)/s.srt"))
        let subtitles = "-i \(shop.directory.path)/s.srt"
        let path = try shop.film(
            "a.mkv",
            "-f lavfi -i testsrc2=s=160x90:d=2 -f lavfi -i sine=d=2 -f lavfi -i sine=d=2 \(subtitles) \(subtitles) "
                + "-map 0 -map 1 -map 2 -map 3 -map 4 \(Workshop.x264) -metadata:s:a:0 language=eng -metadata:s:a:1 language=deu "
                + "-metadata:s:s:0 language=eng -metadata:s:s:1 language=deu -disposition:a:0 0 -disposition:a:1 default "
                + "-disposition:s:0 0 -disposition:s:1 default+forced")
        _ = try await shop.result(path, .matroska)
        let lines = try shop.text("master.m3u8").split(separator: "\n").filter { $0.contains("TYPE=") }
        let facts = lines.map { line in
            ["LANGUAGE=\"de\"", "DEFAULT=YES", "FORCED=YES", "AUTOSELECT=YES"].map { line.contains($0) }
        }
        #expect(
            facts == [
                [false, false, false, true], [true, true, false, true], [false, false, false, true], [true, true, true, true],
            ], "\(lines)")
    }
}
