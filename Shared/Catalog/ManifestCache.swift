import Events
import Synchronization

/// Manifests used lately, bounded by the bytes of their JSON. A manifest of another revision than asked for is a miss.
///
/// An approximation of LRU in two generations: what was used since the last turn is young; when the young fill half of the
/// capacity they become the old, and the old that nobody asked for are dropped.
final class ManifestCache: Sendable {
    private struct Generation {
        var manifests: [MediaID: (manifest: Manifest, bytes: Int)] = [:]
        var bytes = 0
    }

    private let capacity: Int
    private let state = Mutex((young: Generation(), old: Generation()))

    /// - Parameter capacity: in bytes of JSON.
    init(capacity: Int) { self.capacity = capacity }

    var bytes: Int { state.withLock { $0.young.bytes + $0.old.bytes } }

    func manifest(of id: MediaID, revision: Int) -> Manifest? {
        state.withLock { state in
            if let hit = state.young.manifests[id] { return hit.manifest.revision == revision ? hit.manifest : nil }
            guard let hit = state.old.manifests[id], hit.manifest.revision == revision else { return nil }
            Self.insert(hit.manifest, hit.bytes, capacity, &state)
            return hit.manifest
        }
    }

    func insert(_ manifest: Manifest, bytes: Int) {
        guard bytes <= capacity / 2 else { return }
        state.withLock { Self.insert(manifest, bytes, capacity, &$0) }
    }

    private static func insert(
        _ manifest: Manifest, _ bytes: Int, _ capacity: Int, _ state: inout (young: Generation, old: Generation)
    ) {
        remove(manifest.mediaId, from: &state.young)
        remove(manifest.mediaId, from: &state.old)
        if state.young.bytes + bytes > capacity / 2 { state = (Generation(), state.young) }
        state.young.manifests[manifest.mediaId] = (manifest, bytes)
        state.young.bytes += bytes
    }

    private static func remove(_ id: MediaID, from generation: inout Generation) {
        generation.bytes -= generation.manifests.removeValue(forKey: id)?.bytes ?? 0
    }
}
