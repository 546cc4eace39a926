import Exif
import TestSupport
import Testing

/// Single values, right and impossible.
@Suite struct ExifValueTests {
    @Test(
        arguments: [
            (10, 2500, "1/250"), (1, 8000, "1/8000"), (16667, 1_000_000, "1/60"), (4, 10, "2/5"), (3, 10, "3/10"),
            (1, 2, "1/2"), (1, 1, "1"), (30, 1, "30"), (25, 10, "2.5"), (333_333, 1_000_000, "1/3"),
            (770_001, 1_000_000, "77/100"),
            (1, 0, nil), (0, 0, nil), (0, 1, nil), (UInt32.max, 1, nil),
        ] as [(UInt32, UInt32, String?)])
    func exposureTime(numerator: UInt32, denominator: UInt32, expected: String?) throws {
        let block = TIFFBlock(photo: [(0x829a, .rationals([(numerator, denominator)]))])
        #expect(try ExifReader.read(block.bytes).exposureTime == expected)
    }

    @Test(
        arguments: [
            ("2024:02:29 23:59:60", "+05:30", "2024-02-29T23:59:60+05:30"),
            ("2024:02:29 00:00:00", "Z", "2024-02-29T00:00:00+00:00"),
            ("2024:01:31 12:00:00", "-03:30", "2024-01-31T12:00:00-03:30"),
            ("2024:01:31 12:00:00", "+15:00", "2024-01-31T12:00:00"),
            ("2024:01:31 12:00:00", "   :  ", "2024-01-31T12:00:00"), ("2024:01:31 12:00:00", "02:00", "2024-01-31T12:00:00"),
            ("2023:02:29 00:00:00", "", nil), ("1900:02:29 00:00:00", "", nil), ("2024:04:31 00:00:00", "", nil),
            ("0000:00:00 00:00:00", "", nil), ("2024:13:01 00:00:00", "", nil), ("2024:01:01 24:00:00", "", nil),
            ("2024-01-01 10:00:00", "", nil), ("2024:01:01", "", nil), ("    :  :     :  :  ", "", nil), ("今日", "", nil),
        ] as [(String, String, String?)])
    func captureTime(date: String, offset: String, expected: String?) throws {
        let block = TIFFBlock(photo: [(0x9003, .text(date)), (0x9011, .text(offset))])
        #expect(try ExifReader.read(block.bytes).capturedAt == expected)
    }

    @Test func digitisedTimeStandsInForAMissingOriginal() throws {
        let block = TIFFBlock(photo: [(0x9004, .text("2020:01:02 03:04:05")), (0x9012, .text("+01:00"))])
        #expect(try ExifReader.read(block.bytes).capturedAt == "2020-01-02T03:04:05+01:00")
    }

    @Test func apertureInStepsStandsInForAMissingFNumber() throws {
        let block = TIFFBlock(photo: [(0x9202, .rationals([(4970, 1000)])), (0x829d, .rationals([(0, 0)]))])
        #expect(try ExifReader.read(block.bytes).aperture == 5.6)
    }

    @Test func largeSensitivitiesAreInATagOfTheirOwn() throws {
        let block = TIFFBlock(photo: [(0x8827, .shorts([65535])), (0x8833, .longs([102_400]))])
        #expect(try ExifReader.read(block.bytes).iso == 102_400)
        #expect(try ExifReader.read(TIFFBlock(photo: [(0x8827, .shorts([0]))]).bytes).iso == nil)
    }

    @Test(
        arguments: [
            ("N", [(48, 1), (12, 1), (0, 1)], "W", [(16, 1), (22, 1), (12, 1)], 48.2, -16.37),
            ("n", [(482, 10), (0, 1), (0, 1)], "w", [(0, 1), (0, 1), (0, 1)], 48.2, 0),
            ("N", [(90, 1), (0, 1), (0, 1)], "E", [(180, 1), (0, 1), (0, 1)], 90, 180),
        ] as [(String, [(UInt32, UInt32)], String, [(UInt32, UInt32)], Double, Double)])
    func coordinates(
        north: String, latitude: [(UInt32, UInt32)], east: String, longitude: [(UInt32, UInt32)], expectedLatitude: Double,
        expectedLongitude: Double
    ) throws {
        let gps = try ExifReader.read(Self.gps(north, latitude, east, longitude)).gps
        #expect(gps?.latitude == expectedLatitude)
        #expect(gps?.longitude == expectedLongitude)
        #expect(gps?.altitude == nil)
    }

    @Test(
        arguments: [
            ("N", [(90, 1), (0, 1), (1, 1)], "E", [(0, 1), (0, 1), (0, 1)]),
            ("N", [(1, 1), (0, 1), (0, 1)], "E", [(181, 1), (0, 1), (0, 1)]),
            ("N", [(1, 0), (0, 1), (0, 1)], "E", [(1, 1), (0, 1), (0, 1)]),
            ("N", [(0, 0), (0, 0), (0, 0)], "E", [(0, 0), (0, 0), (0, 0)]),
            ("X", [(1, 1), (0, 1), (0, 1)], "E", [(1, 1), (0, 1), (0, 1)]),
            ("", [(1, 1), (0, 1), (0, 1)], "E", [(1, 1), (0, 1), (0, 1)]),
            ("E", [(1, 1), (0, 1), (0, 1)], "N", [(1, 1), (0, 1), (0, 1)]),
            ("N", [(1, 1), (0, 1)], "E", [(1, 1), (0, 1), (0, 1)]),
            ("N", [(1, 1), (61, 1), (0, 1)], "E", [(1, 1), (0, 1), (0, 1)]),
        ] as [(String, [(UInt32, UInt32)], String, [(UInt32, UInt32)])])
    func impossibleCoordinatesAreAbsent(
        north: String, latitude: [(UInt32, UInt32)], east: String, longitude: [(UInt32, UInt32)]
    ) throws {
        #expect(try ExifReader.read(Self.gps(north, latitude, east, longitude)).gps == nil)
    }

    private static func gps(
        _ north: String, _ latitude: [(UInt32, UInt32)], _ east: String, _ longitude: [(UInt32, UInt32)]
    ) -> [UInt8] {
        TIFFBlock(gps: [
            (1, .text(north)), (2, .rationals(latitude)), (3, .text(east)), (4, .rationals(longitude)),
            (6, .rationals([(5, 0)])),
        ]).bytes
    }
}
