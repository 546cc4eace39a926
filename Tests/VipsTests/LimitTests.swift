import TestSupport
import Testing

@testable import Vips

@Suite struct LimitTests {
    @Test func aHugeJPEGIsRefusedByItsHeader() {
        for marker in [0xc0, 0xc2] as [UInt8] {
            let frame: [UInt8] = [0xff, marker, 0, 17, 8, 0xff, 0xff, 0xff, 0xff, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]
            expect(.tooManyPixels) { _ = try ImageFile([0xff, 0xd8] + frame, loader: .jpeg) }
        }
    }

    @Test(arguments: [(50_000, 50_000), (0x7fff_ffff, 1), (0x7fff_ffff, 0x7fff_ffff)])
    func aHugePNGIsRefusedByItsHeader(_ size: (Int, Int)) {
        let bytes = patched(Fixture.palettePNG.bytes, at: 16, big32(size.0) + big32(size.1))
        expect(.tooManyPixels) { _ = try ImageFile(withChecksum(bytes), loader: .png) }
    }

    @Test func aHugeGIFIsRefusedByItsHeader() {
        // The reader believes the screen size only where a frame is as large.
        let side: [UInt8] = [0xff, 0xff, 0xff, 0xff]
        let bytes = patched(patched(AnimatedGIF.make(frames: 1), at: 6, side), at: 32, side)
        expect(.tooManyPixels) { _ = try ImageFile(bytes, loader: .gif) }
    }

    @Test func limitsAreInclusive() throws {
        let bytes = Fixture.avif.bytes
        #expect(throws: Never.self) {
            _ = try ImageFile(bytes, loader: .avif, limits: ImageLimits(maxPixels: 64 * 48, maxSide: 64))
        }
        expect(.tooManyPixels) { _ = try ImageFile(bytes, loader: .avif, limits: ImageLimits(maxPixels: 64 * 48 - 1)) }
        expect(.tooManyPixels) { _ = try ImageFile(bytes, loader: .avif, limits: ImageLimits(maxSide: 63)) }
    }

    @Test func ofTenThousandFramesOnlyTheFirstIsDecoded() throws {
        let bytes = AnimatedGIF.make(frames: 10_000)
        let start = ContinuousClock.now
        let file = try ImageFile(bytes, loader: .gif)
        #expect(file.header.frames == 10_000)
        #expect((file.header.width, file.header.height) == (2, 2))
        #expect(try file.pixels().bytes.prefix(3) == [255, 0, 0])
        #expect(ContinuousClock.now - start < .seconds(5))
        expect(.tooManyPixels) { _ = try ImageFile(bytes, loader: .gif, limits: ImageLimits(maxFrames: 9_999)) }
    }

    private func patched(_ bytes: [UInt8], at offset: Int, _ patch: [UInt8]) -> [UInt8] {
        Array(bytes[..<offset]) + patch + bytes[(offset + patch.count)...]
    }

    private func big32(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(value >> $0 & 0xff) } }

    /// Puts the right CRC-32 behind a PNG's IHDR.
    private func withChecksum(_ png: [UInt8]) -> [UInt8] {
        let crc = png[12..<29].reduce(0xffff_ffff) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
        }
        return patched(png, at: 29, big32(Int(~crc)))
    }
}
