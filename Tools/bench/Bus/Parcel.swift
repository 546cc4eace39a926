import Events
import Messaging

/// An event whose envelope takes about 256 bytes more than its note is long.
struct Parcel: Event {
    static let name = "bench.parcel"
    static let stream = Stream("bench.parcel", groups: [.first])

    let mediaId: MediaID
    /// When it was published, in nanoseconds of the monotonic clock.
    let sent: UInt64
}

/// The same, one hop later.
struct Forwarded: Event {
    static let name = "bench.forwarded"
    static let stream = Stream("bench.forwarded", groups: [.second])

    let mediaId: MediaID
    let sent: UInt64
}

extension Group {
    static let first = Group(rawValue: "first")
    static let second = Group(rawValue: "second")
}

extension Stream {
    /// Where the end of a line puts its output: a stream that nobody reads and that stays short.
    static let arrived = Stream("bench.arrived", groups: [], retention: .newest(count: 1000))
}

/// Publishes as many at once as there are publishers, each waiting for its answer.
func publishParcels(_ count: Int, _ publishers: Int, to bus: any Bus) async throws {
    try await withThrowingTaskGroup { tasks in
        for publisher in 0..<publishers {
            tasks.addTask {
                let media = MediaID.generate()
                let envelope = Envelope(Parcel(mediaId: media, sent: nanoseconds()), source: "bench", trace: .random())
                let commit = Commit(media, outputs: [try Output(envelope)])
                for _ in stride(from: publisher, to: count, by: publishers) { _ = try await bus.commit(commit) }
            }
        }
        try await tasks.waitForAll()
    }
}
