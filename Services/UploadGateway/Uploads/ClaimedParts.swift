import HTTPServer
import HTTPTypes
import Hummingbird
import ObjectStore

/// What a client says it has sent: the optional body of `complete`.
struct ClaimedParts: Decodable, Sendable {
    struct Part: Decodable, Sendable {
        let number: Int
        /// With or without quotes.
        let etag: String
    }

    private static let maxBody = 1 << 20

    let parts: [Part]?

    /// Nil for an empty body.
    static func read(_ request: Request) async throws -> ClaimedParts? {
        let isEmpty = request.headers[.contentLength] == "0"
        let hasBody = request.headers[.contentLength] != nil || request.headers[.transferEncoding] != nil
        guard hasBody, !isEmpty else { return nil }
        return try await jsonBody(ClaimedParts.self, request, limit: maxBody)
    }

    /// - Throws: 422 `invalidPart` where the claim and what has arrived differ.
    func check(_ arrived: [PartInfo]) throws(Problem) {
        guard let parts else { return }
        let tags = Dictionary(arrived.map { ($0.number, $0.etag) }, uniquingKeysWith: { $1 })
        guard Set(parts.map(\.number)).count == parts.count else { throw .invalidPart("A part is named twice.") }
        for part in parts {
            guard let etag = tags[part.number] else { throw .invalidPart("Part \(part.number) has not arrived.") }
            guard part.etag.trimmingQuotes == etag else { throw .invalidPart("Part \(part.number) has another ETag.") }
        }
    }
}

extension String {
    fileprivate var trimmingQuotes: Substring {
        count >= 2 && hasPrefix("\"") && hasSuffix("\"") ? dropFirst().dropLast() : self[...]
    }
}
