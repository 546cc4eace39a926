import Events
import Messaging

/// Publishes the numbered events of many media, each media's in order, spread over the given time.
struct Publisher: Sendable {
    let bus: any Bus
    let events: Int
    let perMedia: Int
    let duration: Duration

    private static let lines = 64

    /// - Returns: which media carries which numbers: the numbers of the n-th media begin at `n * perMedia`.
    func run() async -> [MediaID] {
        let media = (0..<events / perMedia).map { _ in MediaID.generate() }
        let start = ContinuousClock.now
        await withTaskGroup { tasks in
            for line in 0..<Self.lines {
                tasks.addTask {
                    for index in stride(from: line, to: media.count, by: Self.lines) {
                        // Each line has its share of the time for each of its media.
                        try? await Task.sleep(until: start + duration * index / media.count, clock: .continuous)
                        for count in 0..<perMedia { await publish(media[index], index * perMedia + count, count) }
                    }
                }
            }
        }
        return media
    }

    /// Publishes one event, once: the expected version makes repeating safe, a conflict says that it was done already.
    private func publish(_ media: MediaID, _ number: Int, _ version: Int) async {
        let envelope = Envelope(Numbered(mediaId: media, number: number), id: "\(number)", source: "publisher", trace: .random())
        guard let output = try? Output(envelope) else { return }
        let change = StateChange.put(key: "published:\(media)", value: "\(number)", expecting: version)
        while true {
            do throws(BusError) {
                _ = try await bus.commit(Commit(media, changes: [change], outputs: [output]).inLane(number / perMedia % 4))
                return
            } catch {
                // Seen by the verdict, as an event that nobody did.
                guard !error.isRefusal else { return }
                try? await Task.sleep(for: .milliseconds(Int.random(in: 10...100)))
            }
        }
    }
}
