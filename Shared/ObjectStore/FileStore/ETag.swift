import Crypto

/// How a file store derives entity tags: the first 32 hexadecimal digits of a SHA-256.
enum ETag {
    static func of(_ digest: SHA256Digest) -> String { String(hex(digest).prefix(32)) }

    /// The tag of an object made of parts: from their tags in order, with `-` and their number, as S3 marks them.
    static func of(parts: [PartInfo]) -> String {
        var hash = SHA256()
        for part in parts { hash.update(data: Array(part.etag.utf8)) }
        return of(hash.finalize()) + "-\(parts.count)"
    }
}

func hex(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    return String(decoding: text, as: UTF8.self)
}

/// Unguessable: on Linux the system's generator is `getrandom`.
func randomHex(bytes count: Int) -> String {
    var generator = SystemRandomNumberGenerator()
    return hex((0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
}
