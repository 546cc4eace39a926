import FoundationEssentials
import HTTPTypes
import Hummingbird
import ObjectStore
import S3

/// Sends readers to the bucket itself, with a URL that is good for an hour at most: the bytes do not pass through here.
///
/// Not for playlists: players look for the files that they name beside the URL that answered.
struct Redirect: Sendable {
    private static let lifetime = Duration.seconds(3600)
    /// Headers of ours that the store is asked to answer, and what it calls them.
    private static let answered: [(name: HTTPField.Name, parameter: String)] = [
        (.cacheControl, "response-cache-control"), (.contentDisposition, "response-content-disposition"),
        (.contentType, "response-content-type"),
    ]

    let store: S3Store

    func response(_ request: Request, _ key: String, _ headers: HTTPFields) async throws -> Response {
        let answering = Self.answered.compactMap { header in headers[header.name].map { (name: header.parameter, value: $0) } }
        let method = request.method == .head ? "HEAD" : "GET"
        let url = try await store.presignRead(key, answering: answering, method: method, lifetime: Self.lifetime)
        // Nobody may keep it longer than it is good for, which with temporary credentials may be less than was asked for.
        let age = max(0, min(1800, Int((url.expiresAt.timeIntervalSinceNow / 2).rounded())))
        return Response(status: .temporaryRedirect, headers: [.location: url.url, .cacheControl: "private, max-age=\(age)"])
    }
}
