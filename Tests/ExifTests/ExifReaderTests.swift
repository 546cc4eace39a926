import Exif
import TestSupport
import Testing

@Suite struct ExifReaderTests {
    @Test(arguments: [false, true]) func readsEverythingInEitherByteOrder(isBigEndian: Bool) throws {
        let fields = try ExifReader.read(TIFFBlock.camera(isBigEndian: isBigEndian).bytes)
        #expect(!fields.isDamaged)
        #expect(fields.make == "Fuji")
        #expect(fields.model == "X-T5")
        #expect(fields.software == "2.01")
        #expect(fields.lens == "XF33mm F1.4 R LM WR")
        #expect(fields.exposureTime == "1/250")
        #expect(fields.aperture == 1.8)
        #expect(fields.iso == 400)
        #expect(fields.focalLength == 35.3)
        #expect(fields.focalLength35mm == 53)
        #expect(fields.flashFired == true)
        #expect(fields.capturedAt == "2026-02-28T20:36:00+02:00")
        #expect(fields.gps?.latitude == -33.8571)
        #expect(fields.gps?.longitude == 151.2098833)
        #expect(fields.gps?.altitude == -12.5)
    }

    @Test func theMarkerBeforeTheBlockIsOptional() throws {
        let block = TIFFBlock.camera()
        #expect(try ExifReader.read(block.tiff) == ExifReader.read(block.bytes))
    }

    @Test func whatIsMissingIsNil() throws {
        let fields = try ExifReader.read(TIFFBlock(main: [(0x0112, .shorts([1]))]).bytes)
        #expect(!fields.isDamaged)
        #expect(fields.make == nil && fields.exposureTime == nil && fields.iso == nil && fields.flashFired == nil)
        #expect(fields.capturedAt == nil && fields.gps == nil)
    }

    @Test func textIsTrimmedAndBounded() throws {
        let block = TIFFBlock(main: [
            (0x010f, .text("  Two \u{1}\n words \u{0} rest")), (0x0110, .text(String(repeating: "é", count: 5000))),
            (0x0131, .text("   ")),
        ])
        let fields = try ExifReader.read(block.bytes)
        #expect(fields.make == "Two    words")
        #expect(fields.model == String(repeating: "é", count: 200))
        #expect(fields.software == nil)
    }

    @Test func brokenUTF8IsRepaired() throws {
        let block = TIFFBlock(main: [(0x010f, .raw(format: 2, count: 4, field: 0x00ff_4241))])
        #expect(try ExifReader.read(block.bytes).make == "AB\u{fffd}")
    }

    /// A tag with another format than its own says nothing.
    @Test func wrongFormatsAreIgnored() throws {
        let block = TIFFBlock(
            main: [(0x010f, .shorts([1, 2, 3]))],
            photo: [
                (0x829a, .text("1/250")), (0x829d, .shorts([2])), (0x8827, .text("400")), (0x9003, .rationals([(1, 1)])),
                (0x9209, .text("yes")),
            ],
            gps: [(1, .shorts([78])), (2, .text("48.2")), (3, .text("E")), (4, .rationals([(1, 1), (0, 1), (0, 1)]))])
        let fields = try ExifReader.read(block.bytes)
        #expect(fields.make == nil && fields.exposureTime == nil && fields.aperture == nil && fields.iso == nil)
        #expect(fields.capturedAt == nil && fields.flashFired == nil && fields.gps == nil)
    }
}
