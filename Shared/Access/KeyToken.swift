import Crypto

/// What a client presents: `mr_<id: 16 hexadecimal digits>_<secret: 32 random bytes in base64url, 43 characters>`.
struct KeyToken: Sendable {
    let id: String
    let secret: String

    var text: String { "mr_\(id)_\(secret)" }
    /// A plain hash is enough: the secret has 256 random bits, which nobody guesses from it.
    var secretHash: [UInt8] { Array(SHA256.hash(data: Array(secret.utf8))) }

    /// From the system's cryptographic generator.
    static func generate() -> KeyToken {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<40).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return KeyToken(id: hex(bytes[..<8]), secret: base64url(bytes[8...]))
    }

    private init(id: String, secret: String) {
        self.id = id
        self.secret = secret
    }

    /// Nil for anything that is not a token by its form.
    init?(_ text: String) {
        let bytes = Array(text.utf8.prefix(64))
        guard bytes.count == 63, bytes.starts(with: "mr_".utf8), bytes[19] == UInt8(ascii: "_") else { return nil }
        let (id, secret) = (bytes[3..<19], bytes[20...])
        guard id.allSatisfy(Self.isHexDigit), secret.allSatisfy(Self.alphabet.contains) else { return nil }
        self.init(id: String(decoding: id, as: UTF8.self), secret: String(decoding: secret, as: UTF8.self))
    }

    static func isID(_ text: String) -> Bool { text.utf8.count == 16 && text.utf8.allSatisfy(isHexDigit) }

    private static func isHexDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (97...102).contains(byte) }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// RFC 4648, section 5, without padding.
    private static func base64url(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                text.append(alphabet[Int(bits >> UInt32(count) & 63)])
            }
        }
        if count > 0 { text.append(alphabet[Int(bits << UInt32(6 - count) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }
}

func hex(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
