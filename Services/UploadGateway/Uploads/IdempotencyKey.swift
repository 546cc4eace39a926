import Access
import Crypto
import Events
import HTTPServer
import HTTPTypes
import Hummingbird

/// A client's `Idempotency-Key`, bound to its API key so that clients cannot meet each other's requests.
struct IdempotencyKey: Sendable {
    let stateKey: String
    /// An id in the form of a media's, made of the key's hash: state lives in a partition, and this one names it.
    let place: MediaID

    /// Nil without the header. - Throws: 422 where it is not 1 to 255 visible ASCII characters.
    init?(_ request: Request, _ context: MillraceContext) throws(Problem) {
        guard let text = request.headers[.idempotencyKey] else { return nil }
        guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ (33...126).contains($0) }) else {
            throw .invalidField("Idempotency-Key", "An Idempotency-Key has 1 to 255 visible ASCII characters.")
        }
        let hash = hex(SHA256.hash(data: Array("\(context.apiKey?.id ?? "")\n\(text)".utf8)))
        guard let place = Self.place(hash) else { return nil }
        self.place = place
        stateKey = "idempotency:" + hash
    }

    private static func place(_ hash: String) -> MediaID? {
        var digits = Array(hash.prefix(32))
        guard digits.count == 32 else { return nil }
        (digits[12], digits[16]) = ("7", "8")
        let groups = [digits[0..<8], digits[8..<12], digits[12..<16], digits[16..<20], digits[20..<32]]
        return MediaID(groups.map { String($0) }.joined(separator: "-"))
    }
}

/// Lowercase hexadecimal.
func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

extension HTTPField.Name {
    static let idempotencyKey = HTTPField.Name("Idempotency-Key") ?? .ifMatch
}
