import Access
import Catalog
import Events
import FoundationEssentials
import HTTPServer
import HTTPTypes
import Hummingbird
import ObjectStore

/// `POST /api/v2/tus`: begins an upload, of a media or of a piece of one, or puts pieces together.
struct TusCreation: Sendable {
    let rules: FileRules
    let opener: UploadOpener
    let partials: TusPartials
    let concatenation: TusConcatenation
    let receiver: TusReceiver
    let publicURL: String

    func handle(_ request: Request, _ context: MillraceContext) async throws -> Response {
        let metadata = try TusMetadata(request.headers[.uploadMetadata])
        let concat = request.headers[.uploadConcat] ?? ""
        if concat.hasPrefix("final;") {
            let media = try await final(String(concat.dropFirst(6)), metadata, context)
            return created(media, offset: nil)
        }
        guard concat.isEmpty || concat == "partial" else { throw Problem.tusHeader(.uploadConcat, "must be partial or final") }
        guard let size = request.headers[.uploadLength].flatMap(Self.number) else {
            throw Problem.tusHeader(.uploadLength, "must be the number of bytes; deferring it is not supported")
        }
        let upload = try await concat == "partial" ? partial(size, metadata, context) : media(size, metadata, context)
        guard request.headers[.contentType] == TusProtocol.chunkType else { return created(upload, offset: nil) }
        return created(upload, offset: try await receiver.receive(request, for: upload, at: 0, context))
    }

    /// A media whose bytes are still to come.
    private func media(_ size: Int64, _ metadata: TusMetadata, _ context: MillraceContext) async throws -> TusUpload {
        let file = DeclaredFile(
            projectId: try Self.project(metadata, context), fileName: metadata.fileName ?? "upload",
            contentType: metadata.contentType.flatMap { FileRules.isContentType($0) ? $0 : nil } ?? "application/octet-stream",
            size: size, multipart: true)
        do throws(FileRules.Violation) { try rules.check(file) } catch { throw Problem.from(error, at: "") }
        let checked = CheckedFile(project: try context.requireProject(file.projectId), declared: file)
        return try await opener.openForTus(checked, trace: context.trace.span)
    }

    private func partial(_ size: Int64, _ metadata: TusMetadata, _ context: MillraceContext) async throws -> TusUpload {
        guard (1...rules.maxSize).contains(size) else { throw Problem.payloadTooLarge(limit: Int(clamping: rules.maxSize)) }
        return try await partials.create(try context.requireProject(try Self.project(metadata, context)), size: size)
    }

    private func final(_ list: String, _ metadata: TusMetadata, _ context: MillraceContext) async throws -> TusUpload {
        let pieces = try await concatenation.pieces(list, context)
        let total = pieces.reduce(0) { $0 + $1.size }
        let media = try await media(total, metadata, context)
        try await concatenation.join(pieces, into: media, context)
        return media
    }

    private func created(_ upload: TusUpload, offset: Int64?) -> Response {
        var headers: HTTPFields = [
            .location: "\(publicURL)/api/v2/tus/\(upload.id)", .uploadExpires: HTTPDate.string(from: upload.expiresAt),
        ]
        if let offset { headers[.uploadOffset] = "\(offset)" }
        return Response(status: .created, headers: headers)
    }

    /// The project that is named, or the only one that the key opens.
    private static func project(_ metadata: TusMetadata, _ context: MillraceContext) throws(Problem) -> String {
        if let project = metadata.project { return project }
        guard let project = context.apiKey?.project, project != "*" else {
            throw .tusHeader(.uploadMetadata, "must name the projectId")
        }
        return project
    }

    /// Digits only.
    static func number(_ text: String) -> Int64? {
        text.utf8.allSatisfy { (48...57).contains($0) } ? Int64(text) : nil
    }
}

extension UploadOpener {
    /// An upload in parts of tus's size, however small the file is.
    func openForTus(_ file: CheckedFile, trace: TraceParent) async throws -> TusUpload {
        let layout = PartLayout(size: file.declared.size, atLeast: TusProtocol.partSize)
        return TusUpload(
            upload: try await open(file, partSize: layout.partSize, trace: trace), fileName: file.declared.fileName,
            expiresAt: Date(timeIntervalSinceNow: settings.uploadDeadline / .seconds(1)))
    }
}
