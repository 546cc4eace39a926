import Events
import Glibc
import Messaging
import Redis

/// What every handler of the course suffers: some are slow, some outlive the visibility timeout, some fail.
func suffer() async throws {
    switch Int.random(in: 0..<10_000) {
    case 0..<3: try await Task.sleep(for: .milliseconds(3_000))
    case 3..<300: try await Task.sleep(for: .milliseconds(Int.random(in: 0...20)))
    case 300..<400: throw Failure.transient("by chance", retryAfter: .milliseconds(Int.random(in: 0...500)))
    default: break
    }
}

/// The status with which a worker ends that met a poisonous event.
let poisoned: Int32 = 66

/// Passes each event on; one with a negative number kills its worker.
struct RelayHandler: Handler {
    func handle(_ incoming: Incoming<Numbered>) async throws -> Commit {
        if incoming.event.number < 0 { _exit(poisoned) }
        try await suffer()
        let event = Relayed(mediaId: incoming.event.mediaId, number: incoming.event.number)
        let envelope = Envelope(event, id: "\(incoming.envelope.id)-relayed", source: "relay", trace: incoming.trace)
        return Commit(event.mediaId, outputs: [try Output(envelope)])
    }
}

/// Counts the events of each media in its state, and tells each count.
struct AuditHandler: Handler {
    let redis: RedisClient
    let partitions: Int

    func handle(_ incoming: Incoming<Numbered>) async throws -> Commit {
        try await suffer()
        let media = incoming.event.mediaId
        let key = RedisKeys.state(media.partition(of: partitions), "count:\(media)")
        let reply = try await redis.send(["HGET", key, "v"])
        let count = (reply.integer ?? 0) + 1
        let line = Output(stream: Course.counts, payload: try CountLine(media: media.rawValue, count: count).text())
        let change = StateChange.put(key: "count:\(media)", value: "\(count)", expecting: count - 1)
        return Commit(media, changes: [change], outputs: [line])
    }
}

/// The end of the course.
struct SinkHandler: Handler {
    func handle(_ incoming: Incoming<Relayed>) async throws -> Commit {
        try await suffer()
        return Commit(incoming.event.mediaId, outputs: [])
    }
}
