import Testing

@testable import Vips

@Suite struct DamageTests {
    /// A half-read file must never pass as a picture that is half grey.
    @Test(arguments: Fixture.allCases) func whatIsCutOffIsCorruptOrWhole(_ fixture: Fixture) throws {
        let bytes = fixture.bytes
        let whole = try fixture.file().pixels()
        for share in [0.1, 0.3, 0.5, 0.7, 0.9, 0.97] {
            let part = bytes.prefix(Int(Double(bytes.count) * share))
            do {
                #expect(try ImageFile(part, loader: fixture.loader).pixels() == whole, "\(share)")
            } catch {
                #expect(error.code == .corrupt, "\(share): \(error)")
            }
        }
    }

    @Test(arguments: [ImageLoader.jpeg, .png, .webp, .avif]) func aCutPhotoIsCorrupt(_ loader: ImageLoader) throws {
        let encoder = try #require(ImageEncoder(rawValue: loader.rawValue))
        let bytes = try VipsImage(noise(width: 400, height: 300)).encoded(as: encoder, quality: 80)
        for share in [0.2, 0.5, 0.9, 0.99] {
            let part = bytes.prefix(Int(Double(bytes.count) * share))
            expect(.corrupt) { _ = try ImageFile(part, loader: loader).thumbnail(fitting: Box(side: 100)) }
            expect(.corrupt) { _ = try ImageFile(part, loader: loader).pixels(shortSide: 64) }
        }
    }

    /// Whatever the bytes, there is a picture or a typed error: no crash, and an end.
    @Test(.timeLimit(.minutes(3)), arguments: Fixture.allCases) func mutationsNeverCrash(_ fixture: Fixture) {
        var random = SplitMix(state: UInt64(fixture.rawValue.count))
        let end = ContinuousClock.now + .seconds(1)
        var decoded = 0
        for _ in 0..<400 where ContinuousClock.now < end {
            var bytes = fixture.bytes
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) { bytes.removeLast(.random(in: 0..<bytes.count / 4, using: &random)) }
            decoded += decodes(bytes, fixture.loader) ? 1 : 0
        }
        #expect(decoded < 400)
    }

    @Test(arguments: ImageLoader.allCases) func randomBytesNeverCrash(_ loader: ImageLoader) {
        var random = SplitMix(state: 7)
        for length in 1...300 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(!decodes(bytes, loader))
        }
    }

    private func decodes(_ bytes: [UInt8], _ loader: ImageLoader) -> Bool {
        let limits = ImageLimits(maxPixels: 1_000_000)
        return (try? ImageFile(bytes, loader: loader, limits: limits).thumbnail(fitting: Box(side: 32)).pixels()) != nil
    }
}

/// Pixels that no encoder can make small.
func noise(width: Int, height: Int) -> Pixels {
    var random = SplitMix(state: 1)
    let bytes = (0..<width * height * 3).map { _ in UInt8.random(in: 0...255, using: &random) }
    return Pixels(width: width, height: height, bands: 3, bytes: bytes)
}

/// The same numbers in every run. Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
