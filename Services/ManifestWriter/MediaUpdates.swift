import Catalog
import Events
import FoundationEssentials
import Messaging
import NIOCore
import ObjectStore

/// Brings what was heard of a media into its record, and finishes media whose outcome is decided.
struct MediaUpdates: Sendable {
    let catalog: Catalog
    let bus: any Bus
    let store: any ObjectStore
    let rules: StepRules

    typealias Change<Body> = @Sendable (MediaRecord, Body, StepRules, TransitionContext) throws -> Transition?

    /// What follows from an event. A decision is committed here and now, because the manifest must be written between it and the
    /// commit that announces it, which is left to the caller.
    func apply<Body: Event>(_ incoming: Incoming<Body>, _ keys: MediaKeys, _ change: Change<Body>) async throws -> Commit {
        for _ in 1...20 {
            guard let (record, context) = try await current(keys, incoming.trace.child()) else { return .nothing }
            guard let next = try change(record, incoming.event, rules, context) else { return try await finish(record, context) }
            guard next.record.outcome != nil else { return next.commit }
            if let commit = try await decide(next, context) { return commit }
        }
        throw Failure.transient("the record of \(keys.mediaId) kept changing")
    }

    /// Fails a media that is overdue, or finishes one whose decider has died. Safe in many replicas at once.
    ///
    /// - Parameter watchingSince: a deadline that passed before begins anew, because the steps may have been away as well.
    /// - Returns: whether this call ended the media.
    func expire(_ id: MediaID, now: Date, watchingSince: Date = .distantPast) async throws -> Bool {
        guard case (.inFlight(let record), let version)? = try await catalog.entry(id) else { return false }
        let context = context(version, .random(), now: now)
        guard record.deadline <= context.now else { return false }
        if record.deadline < watchingSince, let later = try record.spared(rules, context) {
            _ = try await bus.commit(later.commit)
            return false
        }
        var commit: Commit? = try await finish(record, context)
        if let next = try record.timedOut(context) { commit = try await decide(next, context) }
        guard let commit, !commit.isEmpty else { return false }
        return try await bus.commit(commit) == .committed
    }

    /// The record as it is, or one to begin with; nil when the media has ended.
    private func current(_ keys: MediaKeys, _ trace: TraceParent) async throws -> (MediaRecord, TransitionContext)? {
        guard let (entry, version) = try await catalog.entry(keys.mediaId) else {
            let context = context(0, trace)
            return (.recovered(keys, rules, context), context)
        }
        guard case .inFlight(let record) = entry else { return nil }
        return (record, context(version, trace))
    }

    /// Commits a decision and does what `finish` does; nil when somebody else was faster.
    private func decide(_ decision: Transition, _ context: TransitionContext) async throws -> Commit? {
        guard try await bus.commit(decision.commit) == .committed else { return nil }
        return try await finish(decision.record, self.context(context.version + 1, context.trace, now: context.now))
    }

    /// Writes the manifest of a decided record, and removes what arrived of an abandoned upload; nothing to do for any other.
    ///
    /// - Returns: the commit that announces the end.
    private func finish(_ record: MediaRecord, _ context: TransitionContext) async throws -> Commit {
        guard let manifest = Manifest(record), let end = try record.announced(context) else { return .nothing }
        let key = MediaKeys(projectId: record.projectId, mediaId: record.mediaId).manifest
        do {
            try await store.put(key, ByteBuffer(bytes: try manifest.encoded()), contentType: "application/json")
            if record.isAbandoned { try await removeUpload(of: record) }
        } catch let error as StoreError {
            throw Failure.transient("object store: \(error.description)")
        }
        return end.commit
    }

    private func removeUpload(of record: MediaRecord) async throws(StoreError) {
        if let session = record.upload { try await store.abortMultipart(record.key, uploadId: session.uploadId) }
        try await store.delete(record.key)
    }

    private func context(_ version: Int, _ trace: TraceParent, now: Date = Date()) -> TransitionContext {
        TransitionContext(version: version, now: now, source: Group.manifestWriter.rawValue, trace: trace)
    }
}
