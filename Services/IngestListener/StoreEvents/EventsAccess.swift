import Crypto
import FoundationEssentials
import HTTPServer
import HTTPTypes
import Hummingbird
import Launch

/// The one secret of those who send events: as a bearer token, or as the password of HTTP's basic scheme for stores that know only an
/// address (`http://events:secret@host/events/s3`).
struct EventsAccess: Sendable {
    private let secret: SHA256.Digest?

    /// - Parameter token: nil when there is none and nobody opens with it.
    init(token: Secret?) { secret = token.map { SHA256.hash(data: $0.bytes) } }

    /// Whether the request carries the secret; false for one without credentials.
    /// - Throws: 401 for wrong ones.
    func admits(_ request: Request) throws(Problem) -> Bool {
        let values = request.headers[values: .authorization]
        guard !values.isEmpty else { return false }
        // Hashes are compared in constant time, and tell nothing of where secrets differ.
        guard values.count == 1, let given = Self.secret(in: values[0]), let secret, SHA256.hash(data: given) == secret else {
            throw Self.refused("The credentials are not valid.")
        }
        return true
    }

    static func refused(_ detail: String) -> Problem {
        Problem(
            .unauthorized, code: "unauthorized", detail: detail, headers: [.wwwAuthenticate: "Bearer, Basic realm=\"events\""])
    }

    /// RFC 6750, section 2.1; RFC 7617, section 2.
    private static func secret(in header: String) -> [UInt8]? {
        let parts = header.split(separator: " ")
        guard parts.count == 2, header.utf8.count <= 1024 else { return nil }
        switch parts[0].lowercased() {
        case "bearer": return Array(parts[1].utf8)
        case "basic":
            guard let pair = Data(base64Encoded: String(parts[1])), let colon = pair.firstIndex(of: UInt8(ascii: ":")) else {
                return nil
            }
            return Array(pair[(colon + 1)...])
        default: return nil
        }
    }
}
