import AV
import Events
import FoundationEssentials
import Streaming
import TestSupport
import Testing

@testable import Transcoder

/// What becomes of pictures: their shape, their colours and their times.
@Suite(.timeLimit(.minutes(5))) struct PictureTests {
    private let shop = Workshop()

    /// Red, lime above; blue, white below.
    private static func corners(_ width: Int, _ height: Int, _ more: String = "", seconds: Double = 2) -> String {
        let (w, h) = (width / 2, height / 2)
        let boxes = [("lime", w, 0), ("blue", 0, h), ("white", w, h)].map {
            "drawbox=x=\($0.1):y=\($0.2):w=\(w):h=\(h):c=\($0.0):t=fill"
        }
        return "-f lavfi -i color=red:s=\(width)x\(height):r=25:d=\(seconds),format=rgb24,"
            + (boxes + (more.isEmpty ? [] : [more])).joined(separator: ",")
    }

    private static let cornerColours = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]

    private func expectCorners(_ rendition: String, _ colours: [[Int]] = cornerColours, tolerance: Int = 30) throws {
        let shown = try shop.colours(try shop.whole(rendition))
        for (one, other) in zip(shown, colours) { #expect(distance(one, other) < tolerance, "\(shown)") }
    }

    private static let toBT709 = "scale=out_color_matrix=bt709,format=yuv420p"
    private static let tagged709 = "-colorspace bt709 -color_primaries bt709 -color_trc bt709"

    @Test(arguments: [
        ("anamorphic.mp4", "setsar=64/45", 720, 576, "1024x576 768x432 416x234"), ("odd.mkv", "", 641, 359, "640x358 418x234"),
        ("portrait.mp4", "", 360, 640, "360x640 234x416"),
    ])
    func shapesAndColoursStay(_ name: String, _ filter: String, _ width: Int, _ height: Int, _ renditions: String) async throws {
        let codec = name == "odd.mkv" ? "-c:v ffv1" : "-c:v libx264 -qp 10 -preset ultrafast"
        let format = name == "odd.mkv" ? "scale=out_color_matrix=bt709,format=yuv444p" : Self.toBT709
        let filters = [filter, format].filter { !$0.isEmpty }.joined(separator: ",")
        let path = try shop.film(name, "\(Self.corners(width, height)) -vf \(filters) \(codec) \(Self.tagged709)")
        let result = try await shop.result(path, name.hasSuffix("mkv") ? .matroska : .mp4)
        #expect(shop.sizes(result).joined(separator: " ") == renditions)
        let side = result.renditions[0]
        try expectCorners("v\(min(side.width, side.height))")
        try expectCorners("v234")
    }

    @Test(arguments: [(90, [2, 0, 3, 1]), (180, [3, 2, 1, 0]), (270, [1, 3, 0, 2])])
    func turnedFilmsStandUpright(_ degrees: Int, _ order: [Int]) async throws {
        let plain = try shop.film("a.mp4", "\(Self.corners(480, 270)) -vf \(Self.toBT709) -c:v libx264 -qp 10 \(Self.tagged709)")
        let turned = try shop.film("b.mp4", "-i \(plain) -c copy -metadata:s:v rotate=\(360 - degrees)")
        let result = try await shop.result(turned, .mp4)
        #expect(shop.sizes(result).first == (degrees == 180 ? "480x270" : "270x480"))
        try expectCorners("v270", order.map { Self.cornerColours[$0] })
    }

    @Test func fastFilmsHaveSixtyPicturesASecondAboveACertainSize() async throws {
        let path = try shop.film("a.mkv", "-f lavfi -i testsrc2=s=854x480:r=240:d=1 \(Workshop.x264)")
        let result = try await shop.result(path, .matroska)
        #expect(result.renditions.map { $0.frameRate.rounded() } == [60, 30])
        #expect(try shop.pictures("v480") == 60 && shop.pictures("v234") == 30)
    }

    @Test(arguments: [
        ("a.mkv", Container.matroska, "-output_ts_offset 1000000"), ("a.ts", .mpegts, "-output_ts_offset 95443"),
        ("a.mov", .mp4, "-avoid_negative_ts disabled -output_ts_offset -1"),
        ("a.mp4", .mp4, "-avoid_negative_ts disabled -output_ts_offset 100000"),
    ])
    func negativeAndHugeTimes(_ name: String, _ container: Container, _ offset: String) async throws {
        let sources = "-f lavfi -i testsrc2=s=160x90:r=25:d=3 -f lavfi -i sine=d=3"
        let path = try shop.film(name, "\(sources) \(Workshop.x264) -c:a aac \(offset)")
        let result = try await shop.result(path, container)
        #expect((1.9...3.2).contains(result.duration), "\(result.duration)")
        #expect(try shop.pictures("v90") >= 47)
        #expect(try shop.loudness("a-und-1").prefix(2).allSatisfy { $0 > 0.02 })
    }

    /// A bar that is twenty pixels further in each field.
    private static let fields =
        "-f lavfi -i color=black:s=320x180:r=50:d=2,format=yuv420p,geq=lum=lt(mod(X+N*20\\,320)\\,160)*219+16:cb=128:cr=128,"
        + "interlace=lowpass=0"

    @Test(arguments: [false, true]) func fieldsDoNotShow(_ onlyLater: Bool) async throws {
        let second = try shop.film("2.ts", "\(Self.fields) -c:v libx264 -qp 10 -flags +ildct+ilme -output_ts_offset 2")
        let first = try shop.film("1.ts", "-f lavfi -i testsrc2=s=320x180:r=25:d=2 \(Workshop.x264)")
        _ = try await shop.result(onlyLater ? try shop.joined(first, second) : second, .mpegts)
        let plane = try shop.plane(try shop.whole("v180"), at: onlyLater ? 3 : 1)
        // With fields in it each row differs from the next in forty pixels: by 27 in the mean.
        let steps = zip(plane, plane.dropFirst(320)).map { abs($0 - $1) }.reduce(0, +) / (179 * 320)
        #expect(plane.count == 320 * 180 && steps < 8, "\(steps)")
    }

    @Test(arguments: ["v180", "v180-hdr"]) func whatChangesItsShapeIsBetweenBars(_ kind: String) async throws {
        let hdr = kind.hasSuffix("hdr")
        let format = hdr ? Self.highDynamicRange("smpte2084") : "null"
        let tags = hdr ? "-color_trc smpte2084 -color_primaries bt2020 -colorspace bt2020nc" : "-pix_fmt yuv420p"
        let codec = "-c:v libx264 -preset ultrafast -g 25 \(tags)"
        let first = try shop.film("1.ts", "-f lavfi -i color=white:s=320x180:r=25:d=2 -vf \(format) \(codec)")
        let second = try shop.film(
            "2.ts", "-f lavfi -i color=white:s=180x320:r=25:d=2 -vf \(format) \(codec) -output_ts_offset 2")
        let result = try await shop.result(try shop.joined(first, second), .mpegts)
        #expect(shop.sizes(result) == ["320x180"] && abs(result.duration - 4) < 0.1)
        let path = try shop.whole("v180")
        #expect(try shop.colours(path, at: 1, columns: 3, rows: 1).allSatisfy { $0[1] > 140 })
        let bars = try shop.colours(path, at: 3, columns: 9, rows: 1).map { $0[1] > 100 }
        #expect(bars == [false, false, false, true, true, true, false, false, false], "\(bars)")
    }

    private static func highDynamicRange(_ transfer: String) -> String {
        "zscale=tin=bt709:min=bt709:pin=bt709:rin=full:t=\(transfer):m=bt2020nc:p=bt2020:r=tv:npl=200,format=yuv420p10le"
    }

    @Test(arguments: [("smpte2084", "320x180"), ("arib-std-b67", "320x180"), ("smpte2084", "321x181")])
    func highDynamicRangeBecomesOrdinary(_ transfer: String, _ size: String) async throws {
        let film = try shop.film(
            "hdr.mkv",
            "-f lavfi -i color=white:s=\(size):r=25:d=1 -vf \(Self.highDynamicRange(transfer)) -c:v ffv1 -color_primaries bt2020 "
                + "-color_trc \(transfer) -colorspace bt2020nc")
        _ = try await shop.result(film, .matroska)
        let path = try shop.whole("v180")
        let streams = try Source(path: path, container: .mp4).streams
        let colour = try #require(streams[0].picture?.colour)
        #expect(colour.transfer == "bt709" && colour.matrix == "bt709" && colour.range == "tv")
        // An ordinary screen's white stays bright, and there is room above it.
        let brightness = try shop.plane(path, at: 0.2).reduce(0, +) / (320 * 180)
        #expect((150...230).contains(brightness), "\(brightness)")
    }

    /// The same colours, said in the numbers of a wider gamut.
    @Test(arguments: [("bt2020", "bt2020nc", "2020", "2020_ncl"), ("smpte432", "bt709", "smpte432", "709")])
    func wideGamutsKeepTheirColours(_ primaries: String, _ matrix: String, _ pout: String, _ mout: String) async throws {
        let colours = [[200, 60, 40], [60, 170, 70], [50, 60, 190], [180, 180, 180]]
        let names = colours.map { "0x" + $0.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
        let boxes = [(names[1], 160, 0), (names[2], 0, 90), (names[3], 160, 90)].map {
            "drawbox=x=\($0.1):y=\($0.2):w=160:h=90:c=\($0.0):t=fill"
        }
        let convert =
            "scale=out_color_matrix=bt709:out_range=tv,format=yuv444p,"
            + "zscale=tin=709:pin=709:min=709:rin=limited:t=709:p=\(pout):m=\(mout):r=limited,format=yuv444p10le"
        let source = "-f lavfi -i color=\(names[0]):s=320x180:r=25:d=1,format=gbrp,\(boxes.joined(separator: ",")),\(convert)"
        let film = try shop.film(
            "wide.mkv", "\(source) -c:v ffv1 -color_primaries \(primaries) -color_trc bt709 -colorspace \(matrix)")
        _ = try await shop.result(film, .matroska)
        try expectCorners("v180", colours, tolerance: 14)
    }

    @Test func ofSeveralFilmsTheOneThatCanBeSeenIsShown() async throws {
        let broken = try shop.film("broken.mkv", "-f lavfi -i testsrc2=s=320x180:r=25:d=2 \(Workshop.x264) -bsf:v noise=amount=1")
        let whole = try shop.film(
            "whole.mkv", "\(Self.corners(160, 90)) -vf \(Self.toBT709) -c:v libx264 -qp 10 \(Self.tagged709)")
        let path = try shop.film("a.mkv", "-i \(broken) -i \(whole) -map 0 -map 1 -c copy -disposition:v:0 default")
        let result = try await shop.result(path, .matroska)
        #expect(shop.sizes(result) == ["160x90"])
        try expectCorners("v90")
    }

    @Test func soundAloneIsLeftOfAFilmThatCannotBeSeen() async throws {
        let noise = "\(Workshop.x264) -c:a aac -bsf:v noise=amount=1"
        let path = try shop.film("a.mp4", "-f lavfi -i testsrc2=s=160x90:r=25:d=3 -f lavfi -i sine=d=3 \(noise)")
        let result = try await shop.result(path, .mp4)
        #expect(result.renditions.isEmpty && result.sounds == ["und"] && abs(result.duration - 3) < 0.2)
        let mute = try shop.film("b.mp4", "-f lavfi -i testsrc2=s=160x90:r=25:d=3 \(noise)")
        #expect(try await shop.failure(shop.job(mute, .mp4, folder: "mute")) == .unreadable)
    }

    /// Each that is tried costs a whole pass.
    @Test func afterThreeStreamsThatCannotBeSeenThereIsSoundAlone() async throws {
        let broken = try shop.film("broken.mkv", "-f lavfi -i testsrc2=s=320x180:r=25:d=2 \(Workshop.x264) -bsf:v noise=amount=1")
        let whole = try shop.film("whole.mkv", "-f lavfi -i testsrc2=s=160x90:r=25:d=2 \(Workshop.x264)")
        let inputs = "-i \(broken) -i \(whole) -f lavfi -i sine=d=2"
        let path = try shop.film("a.mkv", "\(inputs) -map 0 -map 0 -map 0 -map 1 -map 2 -c copy -c:a aac")
        let result = try await shop.result(path, .matroska)
        #expect(result.renditions.isEmpty && result.sounds == ["und"])
    }

    /// Black and white of a camera that uses all levels.
    @Test(arguments: [("white", 235), ("black", 16)]) func allLevelsBecomeThoseOfVideo(_ colour: String, _ level: Int)
        async throws
    {
        let path = try shop.film(
            "a.mp4", "-f lavfi -i color=\(colour):s=320x180:r=25:d=1 -vf scale=out_range=full,format=yuvj420p -c:v libx264 -qp 5")
        _ = try await shop.result(path, .mp4)
        let film = try shop.whole("v180")
        let raw = try MediaFile.make("raw.yuv", in: shop.directory, "-i \(film) -frames:v 1 -f rawvideo")
        let luma = try Data(contentsOf: URL(filePath: raw)).prefix(320 * 180)
        #expect(luma.allSatisfy { abs(Int($0) - level) <= 2 }, "\(luma.first ?? 0)")
        let streams = try Source(path: film, container: .mp4).streams
        #expect(streams[0].picture?.colour.range == "tv")
    }

    @Test func easyPicturesCostFewerBits() async throws {
        var bytes: [Int] = []
        for kind in ["testsrc=s=640x360:r=25:d=4", "color=gray:s=640x360:r=25:d=4,noise=alls=60:allf=t"] {
            let path = try shop.film("a\(bytes.count).mkv", "-f lavfi -i \(kind),format=yuv420p -c:v ffv1")
            let job = try shop.job(path, .matroska, folder: "stream\(bytes.count)")
            _ = try await shop.result(job)
            bytes.append(try Rendition(measuring: "v360", in: job.folder).segments.reduce(0) { $0 + $1.bytes })
        }
        #expect(bytes[0] * 2 < bytes[1], "\(bytes)")
    }

    @Test(arguments: [(VideoEncoder.x264, "v360"), (.x265, "v360-hevc"), (.svtAV1, "v360-av1")])
    func noEncoderGoesAboveItsLimit(_ encoder: VideoEncoder, _ name: String) async throws {
        let path = try shop.film(
            "a.mkv", "-f lavfi -i color=gray:s=640x360:r=25:d=6,noise=alls=100:allf=t,format=yuv420p -c:v ffv1")
        var job = try shop.job(path, .matroska)
        job.ladder = Ladder(sides: [360], encoders: [encoder])
        _ = try await shop.result(job)
        let rendition = try Rendition(measuring: name, in: job.folder)
        let bits = Double(rendition.segments.reduce(0) { $0 + $1.bytes }) * 8 / rendition.duration
        let limit = Double(Ladder.bitRate(pixels: 640 * 360, encoder))
        // A buffer of one and a half seconds may be full at the beginning.
        #expect(bits < limit * 1.35, "\(bits) of \(limit)")
    }
}
