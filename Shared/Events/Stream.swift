/// A Redis stream of the contract: who must read it, and how long its entries live.
package struct Stream: Hashable, Sendable {
    package enum Retention: Hashable, Sendable {
        /// An entry lives until every group of the contract has acknowledged it.
        case untilAcknowledged
        /// Only the newest `count` entries are kept; nobody has to acknowledge them.
        case newest(count: Int)
    }

    package let name: String
    /// Every group that must have acknowledged an entry before it may be trimmed.
    package let groups: [Group]
    package let retention: Retention

    package init(_ name: String, groups: [Group], retention: Retention = .untilAcknowledged) {
        self.name = name
        self.groups = groups
        self.retention = retention
    }
}

/// A consumer group: one per service that reads a stream, named after it.
package struct Group: RawRepresentable, Hashable, Sendable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let ingestListener = Group(rawValue: "ingest-listener")
    package static let metadata = Group(rawValue: "metadata")
    package static let variants = Group(rawValue: "variants")
    package static let manifestWriter = Group(rawValue: "manifest-writer")
    package static let notifier = Group(rawValue: "notifier")
}

extension Stream {
    package static let mediaUploaded = Stream("media.uploaded", groups: [.ingestListener])
    package static let mediaIngested = Stream("media.ingested", groups: [.metadata, .variants, .manifestWriter])
    /// `step.completed`, `step.progress` and `step.failed` share one stream, so that they stay in order.
    package static let steps = Stream("step", groups: [.manifestWriter])
    package static let mediaStatus = Stream("media.status", groups: [.notifier])
    package static let webhookDelivery = Stream("webhook.delivery", groups: [.notifier])
    /// What live listeners (SSE) follow and resume from: no group, the newest entries only.
    package static let feed = Stream("feed", groups: [], retention: .newest(count: 10_000))

    package static let all: [Stream] = [
        .mediaUploaded, .mediaIngested, .steps, .mediaStatus, .webhookDelivery, .feed,
    ]
}
