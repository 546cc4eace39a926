import Events
import Testing

@testable import IngestListener

/// Hostile bytes: never a crash, never an image without an image's signature, never a message that is not plain text.
@Suite struct FileTypeFuzzTests {
    @Test func randomBytes() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 { check(bytes(upTo: 64, &random)) }
        for _ in 0..<200 { check(bytes(upTo: 8192, &random)) }
    }

    @Test func brokenSignatures() {
        var random = SystemRandomNumberGenerator()
        let seeds = Signature.table.map { signature in
            signature.parts.reduce(into: [UInt8](repeating: 0, count: 400)) { bytes, part in
                bytes.replaceSubrange(part.offset..<part.offset + part.bytes.count, with: part.bytes)
            }
        }
        for seed in seeds + Sample.images.map(\.bytes) + Sample.others.map(\.bytes) where !seed.isEmpty {
            for _ in 0..<200 {
                var mutant = seed
                for _ in 0..<Int.random(in: 0...4) { mutant[Int.random(in: 0..<min(32, mutant.count))] = .random(in: 0...255) }
                check(Array(mutant.prefix(Int.random(in: 0...mutant.count, using: &random))))
            }
        }
    }

    @Test func brandsWithoutEnd() {
        var many: [UInt8] = [0x7f, 0xff, 0xff, 0xfc]
        many += Array("ftypxxxx\0\0\0\0".utf8)
        many += [UInt8](repeating: 0x20, count: 100_000)
        check(many)
        check(Array(repeating: UInt8(ascii: "<"), count: 100_000))
        check(Array(repeating: UInt8(ascii: " "), count: 100_000))
    }

    private func bytes(upTo count: Int, _ random: inout SystemRandomNumberGenerator) -> [UInt8] {
        (0..<Int.random(in: 0...count, using: &random)).map { _ in .random(in: 0...255, using: &random) }
    }

    private func check(_ bytes: [UInt8]) {
        let type = FileType.recognise(bytes)
        #expect(!type.name.isEmpty && type.name.unicodeScalars.allSatisfy { $0.isASCII && $0.value >= 32 })
        let isSigned =
            switch type.format {
            case nil: true
            case .jpeg: bytes.starts(with: [0xff, 0xd8, 0xff])
            case .png: bytes.dropFirst().starts(with: Array("PNG\r\n".utf8))
            case .gif: bytes.starts(with: Array("GIF8".utf8))
            case .webp: bytes.dropFirst(8).starts(with: Array("WEBP".utf8))
            case .avif, .heic: bytes.dropFirst(4).starts(with: Array("ftyp".utf8))
            }
        #expect(isSigned, "\(bytes.prefix(32))")
    }
}
