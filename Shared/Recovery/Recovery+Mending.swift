package import Catalog
package import Events
import Messaging
package import ObjectStore

extension Recovery {
    /// What came of mending a finding.
    package enum Outcome: Sendable, Hashable {
        case mended
        /// Somebody else was faster, or it is too early.
        case untouched
        /// It is not what it should be, for the reason that is named; later will not help.
        case unreadable(String)
    }

    private static let atOnce = 8

    /// Mends all, a few at a time.
    /// - Throws: what may pass: Redis or the store is away. What was mended until then is; the rest is found again.
    package func mend(_ findings: [Finding]) async throws -> [(finding: Finding, outcome: Outcome)] {
        try await withThrowingTaskGroup(of: (Finding, Outcome).self) { group in
            var outcomes: [(Finding, Outcome)] = []
            for (index, finding) in findings.enumerated() {
                if index >= Self.atOnce, let outcome = try await group.next() { outcomes.append(outcome) }
                group.addTask { (finding, try await mend(finding)) }
            }
            for try await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
    }

    /// Brings back a media of which only the original is known, however young: somebody has just told of it.
    package func bringBack(_ keys: MediaKeys, original: ObjectInfo) async throws -> Outcome {
        let isFinished = try await store.head(keys.manifest) != nil
        return try await mend(isFinished ? .lostEntry(keys) : .lostOriginal(keys, original))
    }

    private func mend(_ finding: Finding) async throws -> Outcome {
        do {
            switch finding {
            case .lostOriginal(let keys, let original): return try await restore(keys, original) ? .mended : .untouched
            case .lostEntry(let keys): return try await reindex(keys)
            case .untoldOriginal(let keys, let original): return try await complete(keys, original) ? .mended : .untouched
            case .abandonedOriginal(_, let original):
                try await store.delete(original.key)
                return .mended
            case .young: return .untouched
            }
        } catch let error as StoreError where !error.isTransient {
            return .unreadable(error.description)
        } catch let error as CatalogError where error.code == .corrupt {
            return .unreadable(error.description)
        }
    }

    private func restore(_ keys: MediaKeys, _ original: ObjectInfo) async throws -> Bool {
        // A listing may not tell the type.
        guard let original = try await store.head(original.key) else { return false }
        let context = TransitionContext(version: 0, source: source, trace: .random())
        let restored = try MediaRecord.restored(keys, original, stepDeadline: rules.stepDeadline, context)
        let lane = try await catalog.lane(of: keys, entering: [.uploaded, .processing])
        return try await bus.commit(restored.commit.inLane(lane)) == .committed
    }

    /// As it is now: its client may have said so meanwhile, or given it up.
    private func complete(_ keys: MediaKeys, _ original: ObjectInfo) async throws -> Bool {
        guard let (entry, version) = try await catalog.entry(keys.mediaId), case .inFlight(let record) = entry,
            record.status == .uploading, record.outcome == nil, record.isWaiting(for: original, of: keys)
        else { return false }
        let context = TransitionContext(version: version, source: source, trace: record.trace ?? .random())
        return try await complete(record, keys, context)
    }

    /// Ends an upload whose original is there: from here on the media is processed.
    /// - Returns: false when the record has changed meanwhile.
    package func complete(_ record: MediaRecord, _ keys: MediaKeys, _ context: TransitionContext) async throws -> Bool {
        guard let uploaded = try record.uploaded(stepDeadline: rules.stepDeadline, context) else { return false }
        let lane = try await catalog.lane(of: keys, entering: [.uploaded, .processing])
        return try await bus.commit(uploaded.commit.inLane(lane)) == .committed
    }

    private func reindex(_ keys: MediaKeys) async throws -> Outcome {
        guard let manifest = try await catalog.manifest(keys) else { return .untouched }
        guard manifest.mediaId == keys.mediaId, manifest.projectId == keys.projectId, manifest.status.isTerminal else {
            return .unreadable("the manifest of \(keys.mediaId) is that of another media, or of one in flight")
        }
        return try await bus.commit(MediaSummary(manifest).reindexed()) == .committed ? .mended : .untouched
    }
}

extension MediaRecord {
    /// Whether these are the bytes that were announced.
    func isWaiting(for original: ObjectInfo, of keys: MediaKeys) -> Bool {
        projectId == keys.projectId && key == original.key && size == original.size
    }
}
