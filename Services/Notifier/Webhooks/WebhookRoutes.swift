import Access
import Events
import HTTPServer
import HTTPTypes
import Hummingbird

/// `/api/v2/webhooks`: subscribing, looking and unsubscribing.
struct WebhookRoutes: Sendable {
    let webhooks: WebhookStore

    func add(to router: Router<MillraceContext>, _ keys: KeyRing) {
        router.group("/api/v2/webhooks").add(middleware: Authenticate(keys))
            .post { try await create($0, $1) }
            .get { try await list($0, $1) }
            .get(":webhookId") { try await show($0, $1) }
            .delete(":webhookId") { try await delete($0, $1) }
    }

    private func create(_ request: Request, _ context: MillraceContext) async throws -> Response {
        let new = try await jsonBody(NewWebhook.self, request, limit: 16 << 10)
        let webhook = try new.webhook(in: try context.requireProject(new.projectId))
        guard try await webhooks.add(webhook) else {
            throw Problem(
                .conflict, code: "tooManyWebhooks", detail: "A project has at most \(WebhookStore.limitPerProject) webhooks.",
                extra: ["limit": WebhookStore.limitPerProject])
        }
        return try jsonResponse(WebhookView(webhook, showSecret: true), .created, headers: [.cacheControl: "no-store"])
    }

    private func list(_ request: Request, _ context: MillraceContext) async throws -> Response {
        let project = try context.requireProject(try QueryParameters(request).require("projectId"))
        return try jsonResponse(WebhookList(items: try await webhooks.list(project).map { WebhookView($0) }))
    }

    private func show(_ request: Request, _ context: MillraceContext) async throws -> Response {
        guard let webhook = try await webhooks.find(try id(context)) else { throw Self.unknown }
        return try jsonResponse(WebhookView(webhook))
    }

    private func delete(_ request: Request, _ context: MillraceContext) async throws -> Response {
        // `remove(try id(context))` in one line makes Swift 6.3's optimiser crash.
        let id = try id(context)
        guard try await webhooks.remove(id) else { throw Self.unknown }
        return Response(status: .noContent)
    }

    private func id(_ context: MillraceContext) throws -> WebhookID {
        guard let id = WebhookID(try context.pathParameter("webhookId")) else { throw Self.unknown }
        _ = try context.requireProject(id.project.rawValue)
        return id
    }

    private static let unknown = Problem.notFound("There is no such webhook.", code: "webhookNotFound")
}

struct WebhookList: Codable, Sendable { let items: [WebhookView] }
