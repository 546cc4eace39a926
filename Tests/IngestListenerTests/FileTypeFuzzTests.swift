import Events
import Testing

@testable import IngestListener

/// Hostile bytes: never a crash, never a format without its signature, never a message that is not plain text.
@Suite struct FileTypeFuzzTests {
    @Test func randomBytes() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 { check(bytes(upTo: 64, &random)) }
        for _ in 0..<200 { check(bytes(upTo: 8192, &random)) }
    }

    @Test func brokenSignatures() {
        var random = SystemRandomNumberGenerator()
        let seeds = Signature.table.map { signature in
            signature.parts.reduce(into: [UInt8](repeating: 0, count: 600)) { bytes, part in
                bytes.replaceSubrange(part.offset..<part.offset + part.bytes.count, with: part.bytes)
            }
        }
        for seed in seeds + (Sample.images + Sample.films + Sample.sounds + Sample.others).map(\.bytes) where !seed.isEmpty {
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
            case .avif, .heic, .mp4, .m4a: bytes.dropFirst(4).starts(with: Array("ftyp".utf8))
            case .mov: ["ftyp", "moov", "mdat", "wide"].contains { bytes.dropFirst(4).starts(with: Array($0.utf8)) }
            case .mkv, .webm: bytes.starts(with: [0x1a, 0x45, 0xdf, 0xa3])
            case .mpegts: bytes.first == 0x47 || bytes.dropFirst(4).first == 0x47
            case .avi, .wav: ["AVI ", "WAVE"].contains { bytes.dropFirst(8).starts(with: Array($0.utf8)) }
            case .ogg, .ogv: bytes.starts(with: Array("OggS".utf8))
            case .mp3: bytes.first == 0xff || bytes.starts(with: Array("ID3".utf8))
            case .flac: bytes.starts(with: Array("fLaC".utf8))
            }
        #expect(isSigned, "\(bytes.prefix(32))")
    }
}
