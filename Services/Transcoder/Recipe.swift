import AV
import Crypto
import FoundationEssentials

/// What is made of an original. Its hash names the result.
struct Recipe: Sendable, Hashable {
    /// To be raised when the way from an original to its stream changes, so that the results get new keys.
    static let version = 1

    let ladder: Ladder
    var encoding: Encoding

    /// - Parameter encoding: how many threads it takes changes the work, not what it is.
    init(ladder: Ladder, encoding: Encoding) {
        self.ladder = ladder
        self.encoding = encoding
        self.encoding.threads = 0
    }

    /// 16 hex digits over the original's tag, this recipe and the encoders' release.
    func hash(etag: String) -> String {
        var hash = SHA256()
        for part in ["\(Self.version)", AVLibraries.version, etag, "\(ladder)", "\(encoding)"] {
            hash.update(data: Array("\(part.utf8.count):\(part)".utf8))
        }
        return String(hash.finalize().map { Self.hex($0) }.joined().prefix(16))
    }

    private static func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}
