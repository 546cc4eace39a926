import Crypto
import FoundationEssentials

/// A webhook's symmetric secret.
///
/// Source: Standard Webhooks 1.0.0, "Signature scheme": HMAC-SHA256 over `id.timestamp.body` with a key of 24 to 64 bytes,
/// written `whsec_` and its Base64.
struct SigningSecret: Sendable {
    let text: String
    private let key: SymmetricKey

    /// Nil for anything else than such a secret.
    init?(_ text: String) {
        guard text.hasPrefix(Self.prefix), let bytes = Data(base64Encoded: String(text.dropFirst(Self.prefix.count))),
            (24...64).contains(bytes.count)
        else { return nil }
        self.text = text
        key = SymmetricKey(data: bytes)
    }

    private init(key: SymmetricKey) {
        self.key = key
        text = Self.prefix + key.withUnsafeBytes { Data($0).base64EncodedString() }
    }

    static func generate() -> SigningSecret { SigningSecret(key: SymmetricKey(size: .bits256)) }

    /// One entry of the `webhook-signature` header, which is a list with spaces between: room for a second secret while
    /// it is rotated, and for other schemes (`v1a`).
    /// - Parameter timestamp: seconds since 1970, as in `webhook-timestamp`.
    func signature(id: String, timestamp: Int, body: some DataProtocol) -> String {
        var mac = HMAC<SHA256>(key: key)
        mac.update(data: Data("\(id).\(timestamp).".utf8))
        mac.update(data: body)
        return "v1," + Data(mac.finalize()).base64EncodedString()
    }

    private static let prefix = "whsec_"
}
