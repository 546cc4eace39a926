import AV
import Crypto
import FoundationEssentials

/// What is made of an original. Its hash names the result.
struct Recipe: Sendable, Hashable, Codable {
    /// To be raised when the way from an original to its stream changes, so that the results get new keys.
    var version = 2
    let ladder: Ladder
    let encoding: Encoding
    /// FFmpeg's release, and the libraries that encode.
    var libraries = [AVLibraries.version] + EncoderLibraries.loaded

    /// - Parameter encoding: how many threads it takes changes the work, not what it is.
    init(ladder: Ladder, encoding: Encoding) {
        self.ladder = ladder
        var encoding = encoding
        encoding.threads = 0
        self.encoding = encoding
    }

    /// 16 hex digits over the original's tag and this recipe as JSON.
    func hash(etag: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var hash = SHA256()
        for part in [Data(etag.utf8), try encoder.encode(self)] {
            hash.update(data: Data("\(part.count):".utf8) + part)
        }
        return String(hash.finalize().map { Self.hex($0) }.joined().prefix(16))
    }

    private static func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}
