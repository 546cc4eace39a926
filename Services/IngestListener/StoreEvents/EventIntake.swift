import Arrivals
import Catalog
import Events
import Logging
import Metrics
import ObjectStore
import StoreEvents

/// Acts on what stores tell, whichever way it came.
struct EventIntake: Sendable {
    private static let atOnce = 16

    let arrivals: Arrivals
    let scope: StoreScope
    let logger: Logger

    /// - Throws: what may pass (Redis or the store is away); the same events may be given again, then.
    func take(_ events: [StoreEvent], trace: TraceParent) async throws -> IntakeTally {
        let newest = StoreEvent.newest(of: events)
        var tally = IntakeTally(events: events.count, ignored: events.count - newest.count)
        try await withThrowingTaskGroup(of: IntakeTally.Kind.self) { group in
            for (index, event) in newest.enumerated() {
                if index >= Self.atOnce, let kind = try await group.next() { tally.add(kind) }
                group.addTask { try await take(event, trace) }
            }
            for try await kind in group { tally.add(kind) }
        }
        return tally
    }

    private func take(_ event: StoreEvent, _ trace: TraceParent) async throws -> IntakeTally.Kind {
        let (kind, note) = try await judge(event, trace)
        count(event, note)
        logger.debug(
            "event of the store",
            metadata: ["dialect": "\(event.dialect)", "kind": "\(event.kind)", "key": "\(event.key)", "outcome": "\(note)"])
        return kind
    }

    /// A removal asks for nothing: what is gone is found to be gone by whoever needs it, and who keeps media removes them.
    private func judge(_ event: StoreEvent, _ trace: TraceParent) async throws -> (IntakeTally.Kind, note: String) {
        guard event.kind == .created else { return (.ignored, "\(event.kind.word)") }
        guard let key = scope.key(of: event) else { return (.ignored, "foreign") }
        do {
            switch try await arrivals.arrived(key, trace: trace) {
            case .begun: return (.begun, "begun")
            case .known: return (.known, "known")
            case .foreign: return (.ignored, "foreign")
            case .gone: return (.ignored, "gone")
            case .removed: return (.ignored, "removed")
            case .unfit(let keys):
                logger.warning("an object of another size than was declared", metadata: ["mediaId": "\(keys.mediaId)"])
                return (.ignored, "unfit")
            }
        } catch let error as StoreError where !error.isTransient {
            return unreadable(event, error)
        } catch let error as CatalogError where error.code == .corrupt {
            return unreadable(event, error)
        }
    }

    private func unreadable(_ event: StoreEvent, _ error: any Error) -> (IntakeTally.Kind, note: String) {
        logger.warning("cannot act on an event of the store", metadata: ["key": "\(event.key)", "error": "\(error)"])
        return (.ignored, "unreadable")
    }

    private func count(_ event: StoreEvent, _ outcome: String) {
        Counter(
            label: "millrace_store_events_total", dimensions: [("dialect", event.dialect.rawValue), ("outcome", outcome)]
        ).increment()
    }
}

/// How many events there were, and what was done about them: the answer to who sent them.
struct IntakeTally: Encodable, Sendable, Hashable {
    enum Kind { case begun, known, ignored }

    var events: Int
    /// Media whose work began.
    var begun = 0
    /// Media of which this was known.
    var known = 0
    var ignored: Int

    mutating func add(_ kind: Kind) {
        switch kind {
        case .begun: begun += 1
        case .known: known += 1
        case .ignored: ignored += 1
        }
    }
}

extension StoreEvent.Kind {
    /// Of a few only, so that strangers cannot invent series.
    fileprivate var word: String { if case .other = self { "other" } else { description } }
}
