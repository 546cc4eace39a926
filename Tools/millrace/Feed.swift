import Events
import FoundationEssentials
import HTTPClient

/// A project's live events; it connects again by itself and goes on where it stopped.
actor Feed {
    enum Event: Sendable {
        case status(MediaStatusChanged)
        case progress(MediaProgress)
        /// Events were missed: ask for the status of what matters.
        case reset
    }

    private let api: API
    private var parser = EventStreamParser()
    private var chunks: AsyncThrowingStream<[UInt8], any Error>.Iterator?
    private var waiting: [Event] = []
    private var lastEventId: String?

    init(_ api: API) { self.api = api }

    func connect() async throws {
        chunks = try await api.events(after: lastEventId).chunks.makeAsyncIterator()
        parser = EventStreamParser()
    }

    /// The next event; throws when cancelled, or when the server will not have this listener any more.
    func next() async throws -> Event {
        while true {
            if !waiting.isEmpty { return waiting.removeFirst() }
            do { try await read() } catch {
                try await Task.sleep(for: parser.retry ?? .milliseconds(500))
                try await reconnect()
            }
        }
    }

    private func reconnect() async throws {
        do { try await connect() } catch let refusal as Refusal where (400..<500).contains(refusal.status) {
            throw refusal
        } catch {}
    }

    private func read() async throws {
        guard var iterator = chunks, let chunk = try await iterator.next(isolation: self) else {
            chunks = nil
            throw CommandError(description: "the stream has ended")
        }
        chunks = iterator
        waiting += try parser.append(chunk).compactMap(Self.understand)
        // Heartbeats move it too.
        if !parser.lastEventID.isEmpty { lastEventId = parser.lastEventID }
    }

    private static func understand(_ event: EventStreamEvent) -> Event? {
        let data = Data(event.data.utf8)
        switch event.name {
        case MediaStatusChanged.name: return (try? EventCoding.decode(MediaStatusChanged.self, from: data)).map(Event.status)
        case MediaProgress.name: return (try? EventCoding.decode(MediaProgress.self, from: data)).map(Event.progress)
        case "reset": return .reset
        default: return nil
        }
    }
}
