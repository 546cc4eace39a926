import Events
import NIOCore

/// One client of `GET /api/v2/events`: writes what lies behind its cursor until it leaves, the service stops or its key
/// is revoked.
struct Listener: Sendable {
    struct Filter: Sendable {
        let projectId: ProjectID
        let mediaId: MediaID?

        func matches(_ event: FeedEvent) -> Bool {
            event.projectId == projectId && (mediaId == nil || mediaId == event.mediaId)
        }
    }

    let hub: FeedHub
    let archive: FeedArchive
    let filter: Filter
    /// Asked with every heartbeat.
    let mayGoOn: @Sendable () async -> Bool

    /// Entries taken at once.
    private static let batch = 200

    /// - Parameter resume: where the client left off; nil where that makes no sense.
    func run(from resume: FeedCursor?, write: (ByteBuffer) async throws -> Void) async throws {
        var last = hub.glance
        guard let tail = last.tail else { return }
        var cursor = resume ?? tail
        try await write(ByteBuffer(string: resume == nil ? ServerSentEvent.reset(at: tail) : ServerSentEvent.opening(at: cursor)))
        while !Task.isCancelled {
            let now = hub.glance
            guard !now.isStopped else { return }
            if now.beat != last.beat, await !mayGoOn() { return }
            let before = cursor
            var text = now.epoch == last.epoch ? try await advance(&cursor) : reset(&cursor)
            if text.isEmpty, now.beat != last.beat { text = ServerSentEvent.heartbeat(at: cursor) }
            last = now
            if !text.isEmpty {
                try await write(ByteBuffer(string: text))
            } else if cursor == before {
                await hub.change(since: now.version)
            }
        }
    }

    /// Moves the cursor over the next entries; the text of those that are for this listener.
    private func advance(_ cursor: inout FeedCursor) async throws -> String {
        var text = ""
        for partition in 0..<hub.partitions {
            guard let entries = try await entries(partition, after: cursor[partition]) else { return reset(&cursor) }
            for entry in entries {
                cursor[partition] = entry.id
                guard let event = entry.event, filter.matches(event) else { continue }
                text += ServerSentEvent.event(event.name, id: cursor, json: event.json)
            }
        }
        return text
    }

    /// From memory, or from Redis when the listener is further behind; nil when some are lost.
    private func entries(_ partition: Int, after id: StreamID) async throws -> [FeedEntry]? {
        if let recent = hub.entries(partition, after: id, limit: Self.batch) { return recent }
        guard case .entries(let entries) = try await archive.page(partition, after: id, limit: Self.batch) else { return nil }
        return entries
    }

    private func reset(_ cursor: inout FeedCursor) -> String {
        cursor = hub.glance.tail ?? cursor
        return ServerSentEvent.reset(at: cursor)
    }
}
