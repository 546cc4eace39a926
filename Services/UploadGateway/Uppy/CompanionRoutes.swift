import Catalog
import Events
import FoundationEssentials
import HTTPServer
import HTTPTypes
import Hummingbird
import Messaging
import ObjectStore

/// What the plug-in AwsS3 of Uppy 5 asks of its companion, mapped onto our uploads. Unlike Uppy's own companion it signs nothing but what
/// belongs to an upload that it has begun, and for its size. Source: `packages/@uppy/aws-s3` and `packages/@uppy/companion` of Uppy.
struct CompanionRoutes: Sendable {
    let rules: FileRules
    let opener: UploadOpener
    let urls: UploadURLs
    let uploads: CompanionUploads
    let completion: UploadCompletion
    let bus: any Bus
    let store: any ObjectStore
    let lifetime: Duration

    static func crossOrigin(_ origins: [String]) -> CrossOrigin {
        CrossOrigin(
            origins: origins, methods: "GET, POST, DELETE, OPTIONS",
            accepted: "Authorization, Content-Type, Accept, Uppy-Versions, Uppy-Auth-Token", exposed: "X-Request-Id")
    }

    static var paths: [RouterPath] {
        ["/params", "/multipart", "/multipart/:uploadId", "/multipart/:uploadId/:part", "/multipart/:uploadId/complete"]
    }

    func add(to s3: RouterGroup<MillraceContext>) {
        s3.get("/params", use: whole)
        s3.post("/multipart", use: begin)
        s3.get("/multipart/:uploadId", use: parts)
        s3.get("/multipart/:uploadId/:part", use: sign)
        s3.post("/multipart/:uploadId/complete", use: complete)
        s3.delete("/multipart/:uploadId", use: abort)
    }

    /// `GET s3/params`: where a small file goes. The plug-in says nothing more once it has sent it: the store's event, or the file store
    /// itself, completes the upload.
    private func whole(_ request: Request, _ context: MillraceContext) async throws -> Response {
        let file = try CompanionFile.read(try QueryParameters(request)).checked(rules, multipart: false, context)
        let upload = try await opener.open(file, .init(mediaId: .generate(), session: nil), trace: context.trace.span)
        let signed = try await urls.whole(upload, until: .expiry(after: lifetime))
        let url = store is FileStore ? signed.url + "&\(ReceiveRoute.completing)=1" : signed.url
        return try jsonResponse(
            WholeUpload(
                method: signed.method, url: url, fields: ["key": upload.key], headers: signed.headers,
                expires: Self.seconds(until: signed.expiresAt)))
    }

    /// `POST s3/multipart`.
    private func begin(_ request: Request, _ context: MillraceContext) async throws -> Response {
        let file = try await CompanionFile.read(request).checked(rules, multipart: true, context)
        let partSize = CompanionFile.partSize(file.declared.size)
        let upload = try await opener.open(file, partSize: partSize, trace: context.trace.span)
        return try jsonResponse(
            BegunUpload(key: upload.key, uploadId: upload.mediaId, bucket: "", mediaId: upload.mediaId))
    }

    /// `GET s3/multipart/{uploadId}`: the parts that have arrived.
    private func parts(_ request: Request, _ context: MillraceContext) async throws -> Response {
        let (record, _) = try await uploads.uploading(request, context)
        guard let session = record.upload else { throw Problem.forbiddenUpload }
        let arrived = try await store.parts(of: session.uploadId, key: record.key)
        return try jsonResponse(arrived.map { ListedPart(number: $0.number, etag: EntityTag.header($0.etag), size: $0.size) })
    }

    /// `GET s3/multipart/{uploadId}/{part}`, or several at once: `…/batch?partNumbers=1,2`.
    private func sign(_ request: Request, _ context: MillraceContext) async throws -> Response {
        let upload = Upload(try await uploads.uploading(request, context).record)
        let text = try context.pathParameter("part")
        let isBatch = text == "batch"
        let list = isBatch ? try QueryParameters(request).require("partNumbers") : text
        let numbers = list.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard let layout = upload.layout, numbers.count <= 1000, numbers.allSatisfy({ (1...layout.count).contains($0) }) else {
            throw Problem.invalidField("partNumber", "The upload has parts from 1 to \(upload.layout?.count ?? 0).")
        }
        let signed = try await urls.parts(numbers, of: upload, until: .expiry(after: lifetime))
        guard isBatch else {
            return try jsonResponse(SignedPart(url: signed.parts[0].url, expires: Self.seconds(until: signed.expiresAt)))
        }
        let pairs = signed.parts.map { ("\($0.number)", $0.url) }
        return try jsonResponse(["presignedUrls": Dictionary(pairs, uniquingKeysWith: { $1 })])
    }

    /// `POST s3/multipart/{uploadId}/complete`: may be repeated.
    private func complete(_ request: Request, _ context: MillraceContext) async throws -> Response {
        let id = try await uploads.media(request, context)
        let key = try QueryParameters(request).require("key")
        let named = try await jsonBody(NamedParts.self, request)
        let claimed = ClaimedParts(parts: named.parts.map { ClaimedParts.Part(number: $0.number, etag: $0.etag) })
        _ = try await completion.complete(claimed, trace: context.trace) { try await uploads.finder.named(id, context) }
        return try jsonResponse(CompleteUpload(location: "/files/\(key)", key: key, bucket: "", mediaId: id))
    }

    /// `DELETE s3/multipart/{uploadId}`.
    private func abort(_ request: Request, _ context: MillraceContext) async throws -> Response {
        let (record, version) = try await uploads.uploading(request, context)
        try await AbortRoute(finder: uploads.finder, bus: bus, store: store).abort(record, version, context)
        return try jsonResponse([String: String]())
    }
    private static func seconds(until end: Date) -> Int64 { Int64(max(1, end.timeIntervalSinceNow)) }
}
