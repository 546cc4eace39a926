import Events
import HTTPServer
import HTTPTypes
import Hummingbird
import ObjectStore

/// An object that a request names and may read.
struct ReadableFile: Sendable {
    let key: String
    let place: MediaKeys.Place

    /// Derived objects are public: their ids cannot be guessed and they are stripped of private metadata. Originals and
    /// manifests tell where a photo was taken, so they need a key for their project.
    /// - Throws: 404 for a key that is not a media's; 401 or 403 where the caller may not read.
    init(_ request: Request, _ context: MillraceContext) throws {
        key = try request.path(after: "/files/")
        guard let (keys, place) = MediaKeys.parse(key), ObjectKey.isValid(key) else { throw Problem.notFound() }
        self.place = place
        guard place != .derived else { return }
        _ = try context.requireProject(keys.projectId.rawValue)
    }

    /// What every answer about this object carries.
    func headers(_ info: ObjectInfo) -> HTTPFields {
        var headers: HTTPFields = [
            .contentType: info.contentType,
            .eTag: EntityTag.header(info.etag),
            .lastModified: HTTPDate.string(from: info.modifiedAt),
            .acceptRanges: "bytes",
            .cacheControl: caching,
            .xContentTypeOptions: "nosniff",
        ]
        if place == .original { headers[.contentDisposition] = "attachment; filename=\"\(fileName)\"" }
        return headers
    }

    /// Derived objects never change, but for the entrances of streams, which grow while renditions are being made.
    private var caching: String {
        guard place == .derived else { return "private, no-cache" }
        return isEntrance ? "public, max-age=10" : "public, max-age=31536000, immutable"
    }

    /// A playlist: it names the files beside it.
    var isEntrance: Bool { key.hasSuffix(".m3u8") || key.hasSuffix(".mpd") }

    /// Safe in quotes: `MediaKeys` leaves letters, digits and `._-` in it.
    private var fileName: String { MediaKeys.safeFileName(key) }
}
