import Events
import FoundationEssentials
import Messaging
import Steps
import TestSupport
import Testing

@testable import Metadata

@Suite struct FilmTests {
    private static let card = "-f lavfi -i testsrc2=s=320x180:r=25:d=2"

    @Test func aFilmIsKnownWithEverythingItCarries() async throws {
        let rig = try FilmRig()
        let (result, warnings) = try await rig.answer(
            .mov,
            Self.card + " -f lavfi -i sine=d=2 -c:v libx264 -pix_fmt yuv420p -ac 2 -metadata:s:a language=ger"
                + " -movflags use_metadata_tags -metadata com.apple.quicktime.make=Apple"
                + " -metadata com.apple.quicktime.creationdate=2024-05-01T14:00:00+0200"
                + " -metadata com.apple.quicktime.location.ISO6709=+48.8577+002.2950+035.000/")
        #expect(warnings.isEmpty && rig.leftovers.isEmpty)
        #expect((result.width, result.height, result.orientation, result.bitDepth) == (320, 180, 1, 8))
        #expect(result.exif?.make == "Apple" && result.exif?.capturedAt == "2024-05-01T14:00:00+02:00")
        #expect(result.exif?.gps == ExifResult.GPS(latitude: 48.8577, longitude: 2.295, altitude: 35))
        let streams = try #require(result.streams)
        #expect(abs((streams.duration ?? 0) - 2) < 0.1 && (streams.bitRate ?? 0) > 10_000)
        let video = try #require(streams.video.first)
        #expect((video.codec, video.frameRate, video.hasVariableFrameRate, video.pixelAspect) == ("h264", 25, false, "1:1"))
        #expect(video.dynamicRange == "sdr" && !video.isInterlaced && video.profile == "High")
        let audio = try #require(streams.audio.first)
        #expect((audio.codec, audio.channels, audio.layout, audio.language) == ("aac", 2, "stereo", "ger"))
        #expect(result.blurhash?.isEmpty == false && result.thumbhash?.isEmpty == false)
        #expect(result.phash?.count == 16 && result.dhash?.count == 16)
    }

    /// A turned film looks like the picture that it shows, and is as wide.
    @Test func hashesAreOfWhatIsShown() async throws {
        let rig = try FilmRig()
        let still = "-f lavfi -i testsrc2=s=320x180:r=25:d=2,select=1,loop=-1:1,trim=duration=2,setpts=N/25/TB"
        let (upright, _) = try await rig.answer(.mp4, still + " -vf transpose=1 -c:v libx264 -pix_fmt yuv420p")
        let stored = try MediaFile.make("s.mp4", in: rig.directory, still + " -c:v libx264 -pix_fmt yuv420p")
        let (turned, _) = try await rig.answer(.mp4, "-i \(stored) -c copy -metadata:s:v rotate=270")
        let (other, _) = try await rig.answer(.mp4, "-i \(stored) -c copy")
        #expect((turned.width, turned.height) == (180, 320) && (upright.width, upright.height) == (180, 320))
        #expect(distance(turned.phash, upright.phash) <= 6 && distance(other.phash, upright.phash) > 10)
    }

    @Test func aSoundHasNoPictureUnlessItHasACover() async throws {
        let rig = try FilmRig()
        let (bare, _) = try await rig.answer(.mp3, "-f lavfi -i sine=d=2")
        #expect(bare.width == nil && bare.blurhash == nil && bare.streams?.video.isEmpty == true)
        #expect(bare.streams?.audio.map(\.codec) == ["mp3"] && abs((bare.streams?.duration ?? 0) - 2) < 0.1)
        let (covered, _) = try await rig.answer(
            .mp3,
            "-f lavfi -i sine=d=1 -f lavfi -i color=red:s=40x20:d=0.04 -map 0 -map 1 -c:v mjpeg -disposition:v attached_pic")
        #expect((covered.width, covered.height) == (40, 20) && covered.blurhash != nil)
        #expect(covered.streams?.video.isEmpty == true)
    }

    @Test func whatIsTheMediasOwnFaultIsAnswered() async throws {
        let rig = try FilmRig()
        let playlist = Array("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n".utf8)
        for format in [MediaFormat.mp4, .mkv, .mpegts, .avi, .ogv, .mp3, .m4a, .ogg, .flac, .wav] {
            #expect(try await rig.refusal(format, playlist) == .corruptMedia, "\(format)")
        }
        let path = try MediaFile.make("m.avi", in: rig.directory, Self.card + " -c:v magicyuv -pix_fmt gbrp")
        let strange = [UInt8](try Data(contentsOf: URL(filePath: path)))
        #expect(try await rig.refusal(.avi, strange) == .unsupportedMediaType)
        #expect(rig.leftovers.isEmpty)
    }

    @Test func theLimitsAreSettings() async throws {
        let path = try MediaFile.make("a.mp4", in: TemporaryDirectory(), Self.card + " -c:v libx264")
        let film = [UInt8](try Data(contentsOf: URL(filePath: path)))
        for (name, value, code) in [
            ("MILLRACE_MEDIA_MAX_PIXELS", "57599", MediaError.Code.limitExceeded),
            ("MILLRACE_MEDIA_MAX_DURATION", "1s", .limitExceeded),
            ("MILLRACE_MEDIA_MAX_BYTES", "100", .limitExceeded),
        ] {
            #expect(try await FilmRig([name: value]).refusal(.mp4, film) == code)
        }
        #expect(try await FilmRig(["MILLRACE_MEDIA_MAX_PIXELS": "57600"]).refusal(.mp4, film) == nil)
    }

    @Test func halfAFilmIsKnownAsSuch() async throws {
        let rig = try FilmRig()
        let path = try MediaFile.make(
            "h.mp4", in: rig.directory, Self.card + " -c:v libx264 -g 10 -movflags faststart -pix_fmt yuv420p")
        let film = try Data(contentsOf: URL(filePath: path))
        let incoming = try await rig.ingested(.mp4, [UInt8](film.prefix(film.count / 2)))
        let commit = try await rig.handler.handle(incoming)
        #expect(commit.outputs.first?.payload.contains("\"truncated\"") == true)
    }

    /// A service without its worker, or one that is killed, tries again later.
    @Test func aWorkerThatDoesNotComeToAnAnswerIsARetry() async throws {
        let rig = try FilmRig(executable: "/bin/false")
        await #expect { try await rig.refusal(.mp4, [0]) } throws: { ($0 as? Failure)?.kind == .transient(delay: nil) }
    }

    private func distance(_ one: String?, _ other: String?) -> Int {
        guard let one = one.flatMap({ UInt64($0, radix: 16) }), let other = other.flatMap({ UInt64($0, radix: 16) }) else {
            return 64
        }
        return (one ^ other).nonzeroBitCount
    }
}
