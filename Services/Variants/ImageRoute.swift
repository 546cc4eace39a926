import Events
import HTTPServer
import HTTPTypes
import Hummingbird
import ImageSteps
import ObjectStore
import Vips

/// `GET /img/{key of an original}?w=&h=&q=&f=`: the picture, fitted into a box, in a format of choice.
///
/// It needs no API key: a key holds a media id with 74 random bits, which nobody guesses, pages must be able to show the
/// picture, and what it answers holds nothing but pixels.
struct ImageRoute: Sendable {
    private let originals: Originals
    private let rendering: Rendering
    private let maxAge: Int

    init(originals: Originals, settings: Settings) {
        self.originals = originals
        rendering = Rendering(originals: originals, maxWaiting: settings.maxWaiting)
        maxAge = Int(settings.maxAge / .seconds(1))
    }

    func add(to router: Router<MillraceContext>) {
        router.get("/img/**") { request, _ in try await answer(request) }
    }

    private func answer(_ request: Request) async throws -> Response {
        let key = try request.path(after: "/img/")
        guard let (media, place) = MediaKeys.parse(key), place == .original else { throw Problem.notFound() }
        let options = try ImageOptions(request)
        guard let info = try await served(media, { try await originals.store.head(key) }) else { throw Problem.notFound() }

        let etag = options.hash(etag: info.etag)
        let headers = headers(etag, options)
        if let known = request.headers[.ifNoneMatch], EntityTag.matches(known, etag) {
            return Response(status: .notModified, headers: headers)
        }
        guard info.state.isReadable else { throw Problem.originalArchived(media, isReturning: info.state == .restoring) }
        let image = try await served(media) { try await rendering.image(of: key, options, named: etag) }
        var full = headers
        full[.contentType] = options.format.contentType
        return Response(status: .ok, headers: full, body: ResponseBody(byteBuffer: image))
    }

    private func headers(_ etag: String, _ options: ImageOptions) -> HTTPFields {
        var headers: HTTPFields = [
            .eTag: EntityTag.header(etag), .cacheControl: "public, max-age=\(maxAge)", .xContentTypeOptions: "nosniff",
        ]
        if options.isNegotiated { headers[.vary] = "Accept" }
        return headers
    }
}
