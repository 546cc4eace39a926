import Exif
import TestSupport
import Testing

@Suite struct HostileBlockTests {
    @Test(arguments: [
        [], Array("Exif\0\0".utf8), Array("Exif\0\0II*\0".utf8), Array("II*\0\u{8}\0\0\0".utf8), Array("not exif at all".utf8),
        [0x49, 0x49, 42, 0, 0xff, 0xff, 0xff, 0xff, 1, 0], [0x49, 0x49, 42, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        [0xff, 0xd8, 0xff, 0xe1, 0, 16] + Array("Exif\0\0".utf8),
    ])
    func whatIsNoBlockIsBroken(bytes: [UInt8]) {
        #expect { try ExifReader.read(bytes) } throws: { ($0 as? ExifError)?.code == .broken }
    }

    @Test func aBlockAboveTheLimitIsNotLookedAt() {
        let bytes = TIFFBlock.camera().bytes + [UInt8](repeating: 0, count: ExifReader.maxSize)
        #expect { try ExifReader.read(bytes) } throws: { ($0 as? ExifError)?.code == .tooLarge }
    }

    @Test func aTruncatedBlockIsDamagedAndReadAsFarAsItGoes() throws {
        let block = TIFFBlock.camera().bytes
        let fields = try ExifReader.read(Array(block.dropLast(60)))
        #expect(fields.isDamaged)
        #expect(fields.make == "Fuji" && fields.exposureTime == "1/250")
        #expect(fields.gps == nil)
    }

    @Test(
        arguments: [
            (2, 100, 0xffff_fff0), (2, 0xffff_ffff, 8), (5, 0x2000_0001, 8), (99, 1, 0), (0, 1, 0), (2, 5000, 8),
        ] as [(UInt16, UInt32, UInt32)])
    func aValueOutsideTheBlockIsDamage(format: UInt16, count: UInt32, field: UInt32) throws {
        let block = TIFFBlock(main: [(0x0110, .text("here")), (0x010f, .raw(format: format, count: count, field: field))])
        let fields = try ExifReader.read(block.bytes)
        #expect(fields.isDamaged)
        #expect(fields.make == nil)
        #expect(fields.model == "here")
    }

    /// Every entry names most of the block as its value: libexif's copies stay within their allowance, and it is over at once.
    @Test func aBlockThatNamesItselfOverAndOverIsHarmless() throws {
        let copies = (0..<900).map { (tag: UInt16(0xb000 + $0), value: TIFFBlock.Value.raw(format: 7, count: 60_000, field: 0)) }
        let block = TIFFBlock(main: [(0x010f, .text("Fuji"))] + copies)
        let bytes = block.bytes + [UInt8](repeating: 1, count: 60_000)
        var fields: ExifFields?
        let duration = try ContinuousClock().measure { fields = try ExifReader.read(bytes) }
        #expect(fields?.make == "Fuji")
        #expect(duration < .seconds(10))
    }

    @Test(arguments: [1, 2, 500]) func directoriesThatNameEachOtherAreRefused(count: Int) {
        let loop: (tag: UInt16, value: TIFFBlock.Value) = (0x8769, .raw(format: 4, count: 1, field: 8))
        let bytes = TIFFBlock(main: [(0x010f, .text("Fuji"))] + [_](repeating: loop, count: count)).bytes
        #expect { try ExifReader.read(bytes) } throws: { ($0 as? ExifError)?.code == .broken }
    }

    @Test func aDirectoryOfThousandsOfEntriesIsRefused() {
        let entries = (0..<4000).map { (tag: UInt16(0xb000 + $0), value: TIFFBlock.Value.shorts([1])) }
        #expect { try ExifReader.read(TIFFBlock(main: entries).bytes) } throws: { ($0 as? ExifError)?.code == .broken }
    }

    /// Thousands of blocks with some bytes changed, cut and grown: they are read or refused, never a crash.
    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func mutationsNeverCrash(seed: UInt64) {
        var random = SplitMix(state: seed)
        let block = TIFFBlock.camera(isBigEndian: seed % 2 == 0).bytes
        let deadline = ContinuousClock.now + .seconds(2)
        var (read, refused) = (0, 0)
        for _ in 0..<3000 where ContinuousClock.now < deadline {
            let mutated = Self.mutate(block, &random)
            do {
                let fields = try ExifReader.read(mutated)
                #expect((fields.make ?? "").count <= 200)
                #expect(abs(fields.gps?.latitude ?? 0) <= 90)
                read += 1
            } catch { refused += 1 }
        }
        #expect(read > 100 && refused > 0)
    }

    private static func mutate(_ block: [UInt8], _ random: inout SplitMix) -> [UInt8] {
        var bytes = block
        for _ in 0...Int.random(in: 0...8, using: &random) {
            bytes[Int.random(in: 6..<bytes.count, using: &random)] =
                [0, 1, 0x7f, 0x80, 0xff, .random(in: 0...255, using: &random)]
                .randomElement(using: &random) ?? 0
        }
        switch Int.random(in: 0...9, using: &random) {
        case 0: return Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
        case 1: return bytes + (0..<200).map { _ in .random(in: 0...255, using: &random) }
        default: return bytes
        }
    }
}

/// A seeded generator, so that a failure can be repeated.
///
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
