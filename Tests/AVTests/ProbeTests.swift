import TestSupport
import Testing

@testable import AV

@Suite struct ProbeTests {
    @Test func anOrdinaryFilm() throws {
        let film = try Film(
            "a.mp4", .mp4,
            Film.card("640x360", rate: 25, seconds: 2)
                + " -f lavfi -i sine=d=2 -pix_fmt yuv420p -c:v libx264 -c:a aac -metadata:s:a language=deu")
        let probe = try film.probe()
        #expect(probe.streams.map(\.codec) == ["h264", "aac"] && probe.streams.map(\.language) == [nil, "deu"])
        #expect(abs((probe.duration ?? 0) - 2) < 0.1 && (probe.bitRate ?? 0) > 10_000)
        #expect(probe.video == 0 && !probe.isTruncated)
        let picture = try #require(probe.picture)
        #expect((picture.width, picture.height, picture.bitDepth) == (640, 360, 8))
        #expect(picture.pixelFormat == "yuv420p" && picture.orientation == .upright && !picture.isInterlaced)
        #expect(picture.pixelAspect == .one && picture.colour.dynamicRange == .sdr)
        let sound = try #require(probe.streams[1].sound)
        #expect((sound.sampleRate, sound.channels, sound.layout) == (44100, 1, "mono"))
        #expect(probe.streams[0].profile == "High" && probe.streams[1].profile == "LC")
    }

    @Test(arguments: [
        ("a.mp4", Container.mp4, "-c:v libx264"), ("f.mp4", .mp4, "-c:v libx264 -movflags frag_keyframe+empty_moov"),
        ("a.mov", .mp4, "-c:v mpeg4"), ("a.mkv", .matroska, "-c:v libx265 -x265-params log-level=none"),
        ("a.webm", .matroska, "-c:v libvpx-vp9"), ("a.ts", .mpegts, "-c:v libx264"), ("a.m2ts", .mpegts, "-c:v mpeg2video"),
        ("a.avi", .avi, "-c:v mpeg4"), ("a.ogv", .ogg, "-c:v libtheora"), ("av1.mp4", .mp4, "-c:v libaom-av1 -cpu-used 8"),
        ("p.mov", .mp4, "-c:v prores -pix_fmt yuv422p10le"), ("m.avi", .avi, "-c:v mjpeg"), ("f.mkv", .matroska, "-c:v ffv1"),
    ])
    func everyContainer(_ name: String, _ container: Container, _ codec: String) throws {
        let film = try Film(name, container, Film.card("96x64", rate: 25) + " \(codec)")
        let probe = try film.probe()
        #expect(abs((probe.duration ?? 0) - 1) < 0.15, "\(probe.duration ?? 0)")
        let cadence = try #require(probe.cadence)
        #expect(abs(cadence.framesPerSecond - 25) < 0.2 && !cadence.isVariable)
        let still = try #require(try film.still())
        #expect((still.width, still.height) == (96, 64))
    }

    @Test(arguments: [
        ("a.mp3", Container.mp3, "mp3"), ("a.m4a", .mp4, "aac"), ("a.ogg", .ogg, "vorbis"), ("a.opus", .ogg, "opus"),
        ("a.flac", .flac, "flac"), ("a.wav", .wav, "pcm_s16le"),
    ])
    func everySound(_ name: String, _ container: Container, _ codec: String) throws {
        let film = try Film(name, container, "-f lavfi -i sine=d=3 -ac 2")
        let probe = try film.probe()
        #expect(probe.streams.map(\.codec) == [codec] && probe.video == nil && probe.cadence == nil)
        #expect(abs((probe.duration ?? 0) - 3) < 0.1, "\(probe.duration ?? 0)")
        #expect(try film.still() == nil)
    }

    @Test func whereSeveralFilmsAreTheDefaultOneCountsElseTheLargest() throws {
        let two = Film.card("64x36") + " " + Film.card("320x180") + " -map 0 -map 1 -c:v libx264 "
        #expect(try Film("a.mkv", .matroska, two + "-disposition:0 default -disposition:1 0").probe().video == 0)
        #expect(try Film("b.mkv", .matroska, two + "-disposition:0 0 -disposition:1 0").probe().video == 1)
    }

    @Test func aCoverIsNoFilm() throws {
        let film = try Film(
            "a.mp3", .mp3,
            "-f lavfi -i sine=d=1 -f lavfi -i color=red:s=40x20:d=0.04 -map 0 -map 1 -c:v mjpeg -disposition:v attached_pic")
        let probe = try film.probe()
        #expect(probe.streams.map(\.kind) == [.audio, .cover] && probe.video == nil && probe.cadence == nil)
        let still = try #require(try film.still())
        #expect((still.width, still.height) == (40, 20) && still.bytes[0] > 240 && still.bytes[1] < 20)
    }

    @Test func subtitlesAndLanguages() throws {
        let film = try Film("a.mkv", .matroska, Film.card("64x36"))
        let text = try MediaText.write("1\n00:00:00,000 --> 00:00:01,000\nHallo\n", to: "\(film.directory.path)/a.srt")
        let both = try Film(
            "b.mp4", .mp4,
            "-i \(film.path) -i \(text) -map 0 -map 1 -c:s mov_text -metadata:s:s language=fra -disposition:s forced")
        let subtitle = try #require(try both.probe().streams.last)
        #expect(subtitle.kind == .subtitle && subtitle.codec == "mov_text" && subtitle.language == "fra" && subtitle.isForced)
    }

    @Test func whatTheCameraWrote() throws {
        let film = try Film(
            "a.mov", .mp4,
            Film.card("64x36") + " -c:v libx264 -movflags use_metadata_tags -metadata com.apple.quicktime.make=Apple"
                + " -metadata com.apple.quicktime.model=Phone -metadata com.apple.quicktime.creationdate=2024-05-01T14:00:00+0200"
                + " -metadata com.apple.quicktime.location.ISO6709=+48.8577+002.2950+035.000/")
        let origin = try film.probe().origin
        #expect(origin.make == "Apple" && origin.model == "Phone" && origin.createdAt == "2024-05-01T14:00:00+02:00")
        #expect(origin.place?.latitude == 48.8577 && origin.place?.longitude == 2.295 && origin.place?.altitude == 35)
        let plain = try Film(
            "b.mp4", .mp4,
            Film.card("64x36") + " -c:v libx264 -metadata creation_time=2023-01-02T03:04:05Z"
                + " -metadata location=-33.8688+151.2093/")
        let other = try plain.probe().origin
        #expect(other.createdAt == "2023-01-02T03:04:05+00:00" && other.place?.latitude == -33.8688)
        #expect(other.place?.longitude == 151.2093 && other.place?.altitude == nil)
    }

    @Test(arguments: [
        ("+1234.5-09854.25/", 12.575, -98.9041667), ("-123456+0123045/", -12.5822222, 12.5125), ("+90-180", 90, -180),
    ])
    func placesInEveryForm(_ text: String, _ latitude: Double, _ longitude: Double) throws {
        let place = try #require(Place(text))
        #expect(place.latitude == latitude && place.longitude == longitude)
    }

    @Test(arguments: ["", "+91+000/", "+10", "10.0+20.0", "+1.0+2.0+3.0+4.0", "+12+181/", String(repeating: "+1", count: 90)])
    func noPlaces(_ text: String) { #expect(Place(text) == nil) }

    @Test(arguments: ["1904-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2024-13-01T00:00:00Z", "2024", "yesterday", ""])
    func noMoments(_ text: String) { #expect(Origin.moment(text) == nil) }
}
