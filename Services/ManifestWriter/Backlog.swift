import Catalog
import Events
import FoundationEssentials
import RedisBus

/// What the groups that media wait for have not read yet. Somebody who waits behind 20,000 others has lost nothing.
struct Backlog {
    /// The streams in which a media may wait.
    static let streams: [Events.Stream] = [.mediaUploaded, .mediaIngested, .mediaTranscode, .steps]
    /// The clocks of services and Redis differ by less.
    private static let clockSkew: TimeInterval = 60

    private let figures: [StreamStatistics]

    init(_ figures: [StreamStatistics]) { self.figures = figures }

    /// Whether a step that has not answered may not have been given its work yet.
    func mayHoldWork(of record: MediaRecord) -> Bool {
        let time = max(record.changedAt, record.drivenAt ?? .distantPast)
        let missing = record.plan?.filter { record.answers[$0] == nil } ?? [.ingest]
        return missing.map(\.queue).contains { mayHold($0.stream, $0.group, publishedBy: time) }
    }

    /// Whether an answer that came in time may wait for this very service to read it.
    func mayAnswer(_ record: MediaRecord) -> Bool {
        [Events.Stream.mediaIngested, .steps].contains { mayHold($0, .manifestWriter, publishedBy: record.deadline) }
    }

    /// A retry is not told apart from others: while some wait, it may be one of them.
    private func mayHold(_ stream: Events.Stream, _ group: Group, publishedBy time: Date) -> Bool {
        figures.filter { $0.stream == stream && $0.group == group }.contains { figure in
            figure.unreadRetries > 0 || figure.readUpTo.map { $0 <= time.addingTimeInterval(Self.clockSkew) } ?? false
        }
    }
}

extension Step {
    /// Where its work waits, and for whom.
    fileprivate var queue: (stream: Events.Stream, group: Group) {
        switch self {
        case .ingest: (.mediaUploaded, .ingestListener)
        case .metadata: (.mediaIngested, .metadata)
        case .variants: (.mediaIngested, .variants)
        case .transcode: (.mediaTranscode, .transcoder)
        }
    }
}
