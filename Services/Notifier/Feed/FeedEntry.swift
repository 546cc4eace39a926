import Events
import FoundationEssentials
import Redis

/// One entry of a feed stream, ready to be sent.
struct FeedEntry: Sendable {
    let id: StreamID
    /// Nil for an entry that no listener can understand; it only moves the cursor.
    let event: FeedEvent?

    /// Nil unless `reply` is an entry as `XREAD` and `XRANGE` answer it: `[id, [field, value, …]]`.
    init?(_ reply: RedisValue, publicURL: String) {
        guard let parts = reply.array, parts.count == 2, let id = parts[0].string.flatMap({ StreamID($0) }),
            let fields = parts[1].array
        else { return nil }
        self.id = id
        let index = fields.indices.first { $0.isMultiple(of: 2) && fields[$0].string == "event" }
        event = index.flatMap { fields.indices.contains($0 + 1) ? fields[$0 + 1].string : nil }
            .flatMap { FeedEvent(payload: $0, publicURL: publicURL) }
    }
}

/// An event of the feed as listeners see it.
struct FeedEvent: Sendable {
    /// `media.status` or `media.progress`.
    let name: String
    let projectId: ProjectID
    let mediaId: MediaID
    /// One line of JSON: the envelope's data, with links in place of keys.
    let json: String

    init?(payload: String, publicURL: String) {
        let bytes = Data(payload.utf8)
        guard let header = try? EventCoding.decode(EnvelopeHeader.self, from: bytes) else { return nil }
        switch header.type {
        case MediaStatusChanged.type: self.init(bytes) { (status: MediaStatusChanged) in status.linked(publicURL: publicURL) }
        case MediaProgress.type: self.init(bytes) { (progress: MediaProgress) in progress }
        default: return nil
        }
    }

    private init?<Body: FeedBody>(_ envelope: Data, _ link: (Body) -> Body) {
        guard let data = try? EventCoding.decode(Envelope<Body>.self, from: envelope).data,
            let json = try? EventCoding.encode(link(data))
        else { return nil }
        name = Body.name
        projectId = data.projectId
        mediaId = data.mediaId
        self.json = String(decoding: json, as: UTF8.self)
    }
}

/// What may stand in a feed.
private protocol FeedBody: Event { var projectId: ProjectID { get } }
extension MediaStatusChanged: FeedBody {}
extension MediaProgress: FeedBody {}
