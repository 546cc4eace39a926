package import Events
package import Messaging
import Synchronization

/// An event for tests.
package struct Probe: Event, Hashable {
    package static let name = "test.probe"
    package static let stream = Stream("test.probe", groups: [.probe])

    package let mediaId: MediaID
    package let number: Int

    package init(_ number: Int, mediaId: MediaID = .generate()) {
        self.number = number
        self.mediaId = mediaId
    }
}

extension Group {
    package static let probe = Group(rawValue: "probe")
    package static let other = Group(rawValue: "other")
}

extension Stream {
    /// What handlers of probes publish to.
    package static let echo = Stream("test.echo", groups: [.other])
}

/// Handles probes as a test says and counts what it did.
package final class ProbeHandler: Handler {
    private let body: @Sendable (Incoming<Probe>) async throws -> Commit
    private let seen = Mutex<[Int]>([])
    private let running = Mutex((now: 0, most: 0))

    package init(_ body: @escaping @Sendable (Incoming<Probe>) async throws -> Commit) { self.body = body }

    /// The numbers of the probes, in the order in which their handling began.
    package var numbers: [Int] { seen.withLock { $0 } }
    /// How many ran at once at most.
    package var most: Int { running.withLock(\.most) }

    package func handle(_ incoming: Incoming<Probe>) async throws -> Commit {
        seen.withLock { $0.append(incoming.event.number) }
        running.withLock { running in
            running.now += 1
            running.most = max(running.most, running.now)
        }
        defer { running.withLock { $0.now -= 1 } }
        return try await body(incoming)
    }

    package func abandon(_ incoming: Incoming<Probe>, because failure: Failure) -> Commit {
        let media = incoming.event.mediaId
        return Commit(media, outputs: [Output(stream: .echo, payload: "abandoned \(incoming.event.number)")])
    }
}
