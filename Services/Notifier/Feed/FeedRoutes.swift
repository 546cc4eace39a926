import Access
import Events
import HTTPServer
import HTTPTypes
import Hummingbird
import ServiceLifecycle

/// `GET /api/v2/events?projectId=&mediaId=&lastEventId=`: a project's events as they happen.
struct FeedRoutes: Sendable {
    let hub: FeedHub
    let archive: FeedArchive

    init(_ feed: Feed) {
        hub = feed.hub
        archive = feed.archive
    }

    func add(to router: Router<MillraceContext>, _ keys: KeyRing) {
        router.group("/api/v2/events").add(middleware: Authenticate(keys)).get { try listen($0, $1, keys) }
    }

    private func listen(_ request: Request, _ context: MillraceContext, _ keys: KeyRing) throws -> Response {
        let query = try QueryParameters(request)
        let key = context.apiKey
        let listener = Listener(hub: hub, archive: archive, filter: try filter(query, context)) {
            guard let key else { return false }
            // A store that cannot be asked closes no door.
            return (try? await keys.isLiving(key)) ?? true
        }
        guard let tail = hub.glance.tail else { throw Problem.unavailable("The feed cannot be read at the moment.") }
        let wanted = request.headers[.lastEventID] ?? query["lastEventId"]
        let resume = wanted.map { FeedCursor($0, partitions: hub.partitions) } ?? tail
        return Response(status: .ok, headers: Self.headers, body: body(listener, resume))
    }

    private func filter(_ query: QueryParameters, _ context: MillraceContext) throws(Problem) -> Listener.Filter {
        let project = try context.requireProject(try query.require("projectId"))
        guard let text = query["mediaId"] else { return .init(projectId: project, mediaId: nil) }
        guard let media = MediaID(text) else { throw .invalidField("mediaId", "mediaId must be the id of a media.") }
        return .init(projectId: project, mediaId: media)
    }

    private func body(_ listener: Listener, _ resume: FeedCursor?) -> ResponseBody {
        ResponseBody { writer in
            try await withGracefulShutdownHandler {
                try await listener.run(from: resume) { try await writer.write($0) }
            } onGracefulShutdown: {
                hub.stop()
            }
            try await writer.finish(nil)
        }
    }

    /// No cache may keep it, no proxy hold it back.
    private static let headers: HTTPFields = [
        .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store", .accelBuffering: "no",
    ]
}

extension HTTPField.Name {
    fileprivate static var accelBuffering: Self { Self("X-Accel-Buffering") ?? .cacheControl }
    fileprivate static var lastEventID: Self { Self("Last-Event-ID") ?? .cacheControl }
}
