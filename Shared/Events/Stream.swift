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

    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

// MARK: Lanes

extension Stream {
    /// How many lanes it is divided into, so that who has much in the queue does not delay who has little. Readers give the
    /// first lane half of their turns, the second half of the rest, and so on; an empty lane's turn goes to the others.
    package var lanes: Int { retention == .untilAcknowledged ? 4 : 1 }

    /// The lane for what joins a queue behind so many others of the same project: fewer than 8 others, 64, 512, or more.
    package static func lane(behind others: Int) -> Int {
        switch others {
        case ..<8: 0
        case ..<64: 1
        case ..<512: 2
        default: 3
        }
    }
}

/// A consumer group: one per service that reads a stream, named after it.
package struct Group: RawRepresentable, Hashable, Sendable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let ingestListener = Group(rawValue: "ingest-listener")
    package static let metadata = Group(rawValue: "metadata")
    package static let variants = Group(rawValue: "variants")
    package static let transcoder = Group(rawValue: "transcoder")
    package static let manifestWriter = Group(rawValue: "manifest-writer")
    package static let notifier = Group(rawValue: "notifier")
}

extension Stream {
    package static let mediaUploaded = Stream("media.uploaded", groups: [.ingestListener])
    package static let mediaIngested = Stream(
        "media.ingested", groups: [.metadata, .variants, .manifestWriter])
    /// Work of minutes and hours has a queue of its own: it must not hold back what other steps have long acknowledged.
    package static let mediaTranscode = Stream("media.transcode", groups: [.transcoder])
    /// `step.completed`, `step.progress` and `step.failed` share one stream, so that they stay in order.
    package static let steps = Stream("step", groups: [.manifestWriter])
    package static let mediaStatus = Stream("media.status", groups: [.notifier])
    package static let webhookDelivery = Stream("webhook.delivery", groups: [.notifier])
    /// What live listeners (SSE) follow and resume from: no group, the newest entries only.
    package static let feed = Stream("feed", groups: [], retention: .newest(count: 10_000))

    package static let all: [Stream] = [
        .mediaUploaded, .mediaIngested, .mediaTranscode, .steps, .mediaStatus, .webhookDelivery, .feed,
    ]
}
