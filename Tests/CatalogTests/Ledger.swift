import Events
import FoundationEssentials
import Messaging

@testable import Catalog

/// Commits applied as the bus promises to: together or, when a version differs, not at all.
struct Ledger {
    private(set) var states: [String: (version: Int, value: String)] = [:]
    private(set) var indexes: [String: [String: Double]] = [:]
    private(set) var outputs: [Output] = []

    mutating func apply(_ commit: Commit) -> CommitResult {
        for case .put(let key, _, let expecting, _) in commit.changes where states[key]?.version ?? 0 != expecting {
            return .conflict
        }
        for change in commit.changes {
            switch change {
            case .put(let key, let value, let expecting, _): states[key] = (expecting + 1, value)
            case .delete(let key): states[key] = nil
            case .addToIndex(let index, let member, let score): indexes[index, default: [:]][member] = score
            case .removeFromIndex(let index, let member): indexes[index]?[member] = nil
            }
        }
        outputs += commit.outputs
        return .committed
    }

    func entry(_ id: MediaID) throws -> (entry: CatalogEntry, version: Int)? {
        guard let state = states[CatalogKeys.media(id)] else { return nil }
        return (try CatalogEntry(id, stored: state.value), state.version)
    }

    /// The indexes that hold a media.
    func places(of id: MediaID) -> Set<String> {
        Set(indexes.filter { $0.value[id.compact] != nil }.keys)
    }

    func events<Body: Event>(_ type: Body.Type, on stream: Events.Stream) -> [Envelope<Body>] {
        outputs.filter { $0.stream == stream }.compactMap { output in
            let payload = Data(output.payload.utf8)
            guard let header = try? EventCoding.decode(EnvelopeHeader.self, from: payload), header.type == Body.type else {
                return nil
            }
            return try? EventCoding.decode(Envelope<Body>.self, from: payload)
        }
    }

    var statuses: [Envelope<MediaStatusChanged>] { events(MediaStatusChanged.self, on: .mediaStatus) }
    var progress: [Envelope<MediaProgress>] { events(MediaProgress.self, on: .feed) }
}
