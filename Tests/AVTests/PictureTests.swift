import TestSupport
import Testing

@testable import AV

/// Pictures as they are shown, whatever way they are stored.
@Suite struct PictureTests {
    /// Red above, blue below on the left, green on the right.
    private static let corners =
        "-f lavfi -i color=red:s=64x48:d=1,drawbox=w=32:h=24:y=24:c=blue:t=fill,drawbox=x=32:y=24:w=32:h=24:c=lime:t=fill"

    @Test(arguments: [(90, 8), (180, 3), (270, 6)])
    func rotationIsAppliedWhenShown(_ degrees: Int, _ orientation: Int) throws {
        let plain = try Film("a.mp4", .mp4, Self.corners + " -c:v libx264 -pix_fmt yuv420p")
        let turned = try Film(
            "b.mp4", .mp4, "-i \(plain.path) -c copy -metadata:s:v rotate=\(degrees)")
        let picture = try #require(try turned.probe().picture)
        #expect(picture.orientation.swapsSides == (degrees != 180))
        #expect((picture.width, picture.height) == (64, 48))
        #expect(picture.displaySize == (degrees == 180 ? (64, 48) : (48, 64)))
        // What ffmpeg shows of it, which turns by itself.
        let shown = try Film("c.mp4", .mp4, "-i \(turned.path) -c:v libx264 -pix_fmt yuv420p")
        try expectAlike(try #require(try turned.still()), try #require(try shown.still()))
    }

    @Test func everyMatrixIsRead() {
        let one: Int32 = 1 << 16
        let cases: [(Orientation, [Int32])] = [
            (.upright, [one, 0, 0, one]), (.mirrored, [-one, 0, 0, one]), (.halfTurn, [-one, 0, 0, -one]),
            (.flipped, [one, 0, 0, -one]), (.transposed, [0, one, one, 0]), (.quarterTurn, [0, one, -one, 0]),
            (.transversed, [0, -one, -one, 0]), (.threeQuarterTurn, [0, -one, one, 0]), (.upright, [0, 0, 0, 0]),
            (.halfTurn, [.min, 0, 0, .min]),
        ]
        for (orientation, numbers) in cases {
            let matrix = [numbers[0], numbers[1], 0, numbers[2], numbers[3], 0, 0, 0, 1 << 30]
            #expect(Orientation(matrix: matrix) == orientation)
        }
    }

    /// As EXIF's numbers mean: the first stored pixel of the row and the column come out where they should.
    @Test func everyOrientationTurnsAsItShould() {
        let stored = Still(width: 3, height: 2, bytes: [0, 1, 2, 3, 4, 5].flatMap { [$0, $0, $0] })
        let shown: [(Orientation, [UInt8])] = [
            (.upright, [0, 1, 2, 3, 4, 5]), (.mirrored, [2, 1, 0, 5, 4, 3]), (.halfTurn, [5, 4, 3, 2, 1, 0]),
            (.flipped, [3, 4, 5, 0, 1, 2]), (.transposed, [0, 3, 1, 4, 2, 5]), (.quarterTurn, [3, 0, 4, 1, 5, 2]),
            (.transversed, [5, 2, 4, 1, 3, 0]), (.threeQuarterTurn, [2, 5, 1, 4, 0, 3]),
        ]
        for (orientation, pixels) in shown {
            let turned = stored.turned(orientation)
            #expect(turned.bytes == pixels.flatMap { [$0, $0, $0] }, "\(orientation)")
            #expect(turned.width == (orientation.swapsSides ? 2 : 3))
        }
    }

    @Test func pixelsThatAreNotSquareAreMadeSo() throws {
        let film = try Film("a.mp4", .mp4, Film.card("720x576") + ",setsar=64/45 -c:v libx264 -pix_fmt yuv420p")
        let picture = try #require(try film.probe().picture)
        #expect(picture.pixelAspect.value == 64.0 / 45 && picture.displaySize == (1024, 576))
        let still = try #require(try film.still(shortSide: 288))
        #expect((still.width, still.height) == (512, 288))
    }

    @Test(arguments: [("641x359", 641, 359), ("2x2", 2, 2)]) func oddSizes(_ size: String, _ width: Int, _ height: Int) throws {
        let film = try Film("a.mkv", .matroska, "-f lavfi -i testsrc=s=\(size):d=1 -c:v ffv1")
        #expect(try #require(try film.probe().picture).displaySize == (width, height))
        let still = try #require(try film.still(shortSide: 512))
        #expect((still.width, still.height) == (width, height))
    }

    @Test func interlacedFilmsAreKnown() throws {
        let fields = ",interlace -c:v libx264 -flags +ildct+ilme -pix_fmt yuv420p"
        #expect(try #require(try Film("a.mp4", .mp4, Film.card("720x576", rate: 50) + fields).probe().picture).isInterlaced)
        let old = ",interlace -c:v mpeg2video -flags +ildct+ilme"
        #expect(try #require(try Film("a.ts", .mpegts, Film.card("720x576", rate: 50) + old).probe().picture).isInterlaced)
    }

    @Test func tenBitsOfAV1() throws {
        let film = try Film(
            "a.mp4", .mp4, Film.card("128x72", seconds: 0.3) + " -pix_fmt yuv420p10le -c:v libaom-av1 -cpu-used 8")
        let probe = try film.probe()
        #expect(probe.streams[0].codec == "av1" && probe.picture?.bitDepth == 10)
        #expect(try film.still() != nil)
    }

    /// White of 203 cd/m² in PQ, and at 75% in HLG, is what an ordinary picture calls white.
    @Test(arguments: [("smpte2084", Colour.DynamicRange.pq, 0.58), ("arib-std-b67", .hlg, 0.75)])
    func highDynamicRangeIsKnownAndShownBright(_ transfer: String, _ range: Colour.DynamicRange, _ white: Double) throws {
        let luma = Int(64 + white * 876)
        let film = try Film(
            "a.mkv", .matroska,
            "-f lavfi -i color=s=64x36:d=1,format=yuv420p10le,geq=\(luma):512:512 -c:v libx265 -x265-params log-level=none:"
                + "colorprim=bt2020:transfer=\(transfer):colormatrix=bt2020nc:range=limited"
                + " -color_primaries bt2020 -color_trc \(transfer) -colorspace bt2020nc")
        let colour = try #require(try film.probe().picture).colour
        #expect(colour.dynamicRange == range && colour.primaries == "bt2020")
        #expect(colour.matrix == "bt2020nc" && colour.range == "tv")
        let still = try #require(try film.still())
        let pixel = still.bytes.prefix(3).map(Int.init)
        // Bent by the curve, yet far from black and from washed out; grey stays grey.
        #expect((170...235).contains(pixel[0]) && abs(pixel[0] - pixel[1]) < 4 && abs(pixel[1] - pixel[2]) < 4, "\(pixel)")
    }

    @Test func fullRangeAndOldColoursComeOutAsTheyWentIn() throws {
        for arguments in ["-pix_fmt yuvj420p", "-pix_fmt yuv444p -vf scale=out_color_matrix=bt709 -colorspace bt709"] {
            let film = try Film("a.mkv", .matroska, "-f lavfi -i color=0xc08040:s=64x36:d=1 -c:v libx264 \(arguments)")
            let pixel = try #require(try film.still()).bytes.prefix(3).map(Int.init)
            #expect(zip(pixel, [0xc0, 0x80, 0x40]).allSatisfy { abs($0 - $1) < 6 }, "\(pixel)")
        }
    }

    /// Nine parts of it are black.
    @Test func aBlackBeginningDoesNotStandForTheFilm() throws {
        let film = try Film(
            "a.mp4", .mp4,
            "-f lavfi -i color=black:s=160x90:d=6 " + Film.card("160x90", rate: 25, seconds: 4)
                + " -filter_complex [0][1]concat -c:v libx264 -g 25 -pix_fmt yuv420p")
        let still = try #require(try film.still())
        #expect(still.bytes.reduce(0) { $0 + Int($1) } / still.bytes.count > 60)
    }

    @Test func aFilmOfNothingButBlackHasAPictureToo() throws {
        let film = try Film("a.mp4", .mp4, "-f lavfi -i color=black:s=160x90:d=2 -c:v libx264")
        #expect(try #require(try film.still()).bytes.allSatisfy { $0 < 5 })
    }

    private func expectAlike(_ one: Still, _ other: Still) throws {
        #expect((one.width, one.height) == (other.width, other.height))
        let difference = zip(one.bytes, other.bytes).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        #expect(difference / max(1, one.bytes.count) < 6)
    }
}
