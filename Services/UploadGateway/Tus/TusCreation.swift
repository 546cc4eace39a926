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
            return created(try await final(String(concat.dropFirst(6)), metadata, context))
        }
        guard concat.isEmpty || concat == "partial" else { throw Problem.tusHeader(.uploadConcat, "must be partial or final") }
        guard let size = request.headers[.uploadLength].flatMap(Self.number) else {
            throw Problem.tusHeader(.uploadLength, "must be the number of bytes; deferring it is not supported")
        }
        let upload = try await concat == "partial" ? partial(size, metadata, context) : media(size, metadata, context)
        guard request.headers[.contentType] == TusProtocol.chunkType else {
            return created(upload.id, expiresAt: upload.expiresAt)
        }
        let offset = try await receiver.receive(request, for: upload, at: 0, context)
        return created(upload.id, expiresAt: upload.expiresAt, offset: offset)
    }

    /// A media whose bytes are still to come.
    private func media(_ size: Int64, _ metadata: TusMetadata, _ context: MillraceContext) async throws -> TusUpload {
        try await opener.openForTus(try file(size, metadata, context), trace: context.trace.span)
    }

    private func file(_ size: Int64, _ metadata: TusMetadata, _ context: MillraceContext) throws(Problem) -> CheckedFile {
        let file = DeclaredFile(
            projectId: try Self.project(metadata, context), fileName: metadata.fileName ?? "upload",
            contentType: metadata.contentType.flatMap { FileRules.isContentType($0) ? $0 : nil } ?? "application/octet-stream",
            size: size, multipart: true)
        do throws(FileRules.Violation) { try rules.check(file) } catch { throw Problem.from(error, at: "") }
        return CheckedFile(project: try context.requireProject(file.projectId), declared: file)
    }

    private func partial(_ size: Int64, _ metadata: TusMetadata, _ context: MillraceContext) async throws -> TusUpload {
        guard (1...rules.maxSize).contains(size) else { throw Problem.payloadTooLarge(limit: Int(clamping: rules.maxSize)) }
        return try await partials.create(try context.requireProject(try Self.project(metadata, context)), size: size)
    }

    private func final(_ list: String, _ metadata: TusMetadata, _ context: MillraceContext) async throws -> MediaID {
        let project = try context.requireProject(try Self.project(metadata, context))
        return try await concatenation.join(try concatenation.ids(list), in: project, context) { size in
            try file(size, metadata, context)
        }
    }

    private func created(_ id: MediaID, expiresAt: Date? = nil, offset: Int64? = nil) -> Response {
        var headers: HTTPFields = [.location: "\(publicURL)/api/v2/tus/\(id)"]
        if let expiresAt { headers[.uploadExpires] = HTTPDate.string(from: expiresAt) }
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
    /// - Parameter known: the id of an upload that may be under way: it is gone on with, then.
    func openForTus(_ file: CheckedFile, as known: MediaID? = nil, trace: TraceParent) async throws -> TusUpload {
        let size = PartLayout(size: file.declared.size, atLeast: TusProtocol.partSize).partSize
        let upload: Upload
        if let known {
            upload = try await resume(file, as: known, partSize: size, trace: trace)
        } else {
            upload = try await open(file, partSize: size, trace: trace)
        }
        return TusUpload(
            upload: upload, fileName: file.declared.fileName,
            expiresAt: Date(timeIntervalSinceNow: settings.uploadDeadline / .seconds(1)))
    }
}
