import Events
import HTTPServer
import Hummingbird

/// `POST /api/v2/uploads/presign`: one declared file or an array of up to 100, all of them or none.
struct PresignRoute: Sendable {
    private static let maxFiles = 100
    private static let maxBody = 1 << 20

    let rules: FileRules
    let opener: UploadOpener
    let urls: UploadURLs
    let idempotency: Idempotency

    func handle(_ request: Request, _ context: MillraceContext) async throws -> Response {
        let body = try await jsonBody(OneOrMany<DeclaredFile>.self, request, limit: Self.maxBody)
        let files = try check(body, context)
        let ticket = try await ticket(request, context, body, files)
        let answers = try await inOrder(Array(zip(files, ticket.slots))) { file, slot in
            let upload = try await opener.open(file, slot, trace: context.trace.span)
            return try await urls.presign(upload, until: ticket.expiresAt)
        }
        return try jsonResponse(body.replacing(with: answers), .created)
    }

    private func check(_ body: OneOrMany<DeclaredFile>, _ context: MillraceContext) throws -> [CheckedFile] {
        let files = body.elements
        guard (1...Self.maxFiles).contains(files.count) else {
            throw Problem.invalidField("body", "An array of files has 1 to \(Self.maxFiles) of them.")
        }
        return try files.enumerated().map { index, file in
            do throws(FileRules.Violation) { try rules.check(file) } catch {
                throw Problem.from(error, at: body.path(of: index))
            }
            return CheckedFile(project: try context.requireProject(file.projectId), declared: file)
        }
    }

    private func ticket(
        _ request: Request, _ context: MillraceContext, _ body: OneOrMany<DeclaredFile>, _ files: [CheckedFile]
    ) async throws -> UploadTicket {
        guard let key = try IdempotencyKey(request, context) else { return try await opener.ticket(for: files) }
        if let known = try await idempotency.find(key, body: body) { return known }
        let fresh = try await opener.ticket(for: files)
        if try await idempotency.remember(fresh, key, body: body) { return fresh }
        try await opener.discard(fresh, for: files)
        guard let known = try await idempotency.find(key, body: body) else { throw Problem.unavailable("Try again.") }
        return known
    }
}
