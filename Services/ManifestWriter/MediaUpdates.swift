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
    ///
    /// - Parameter step: what the event completes: a media that had failed for want of it goes on.
    func apply<Body: Event>(
        _ incoming: Incoming<Body>, _ keys: MediaKeys, completing step: Step? = nil, _ change: Change<Body>
    ) async throws -> Commit {
        for _ in 1...20 {
            guard let (record, context) = try await current(keys, step, incoming.trace) else { return .nothing }
            guard let next = try change(record, incoming.event, rules, context) else { return try await finish(record, context) }
            guard next.record.outcome != nil else { return next.commit }
            if let commit = try await decide(next, context) { return commit }
        }
        throw Failure.transient("the record of \(keys.mediaId) kept changing")
    }

    /// Sees to a media that is overdue: gives it more time while its work is still in a queue, publishes its work again once, and
    /// then fails it; lets an upload go on that is all there; finishes one whose decider has died. Safe in many replicas at once.
    ///
    /// - Parameter watchingSince: a deadline that passed before begins anew, because the steps may have been away as well.
    /// - Returns: whether this call ended the media.
    func expire(
        _ id: MediaID, now: Date, watchingSince: Date = .distantPast, backlog: Backlog = Backlog([])
    ) async throws -> Bool {
        guard case (.inFlight(let record), let version)? = try await catalog.entry(id) else { return false }
        let context = context(version, record.trace ?? .random(), now: now)
        guard record.deadline <= context.now, record.outcome != nil || !backlog.mayAnswer(record) else { return false }
        if let next = try await arrived(record, context) ?? later(record, watchingSince, backlog, context) {
            let keys = MediaKeys(projectId: record.projectId, mediaId: record.mediaId)
            let lane = try await catalog.lane(of: keys, entering: [.uploaded, .processing])
            _ = try await bus.commit(next.commit.inLane(lane))
            return false
        }
        var commit: Commit? = try await finish(record, context)
        if let next = try record.timedOut(context) { commit = try await decide(next, context) }
        guard let commit, !commit.isEmpty else { return false }
        return try await bus.commit(commit) == .committed
    }

    /// The end of an upload that nobody completed though all its bytes came: its client may have gone, or the store's event been lost.
    /// Nil for any other.
    private func arrived(_ record: MediaRecord, _ context: TransitionContext) async throws -> Transition? {
        guard record.status == .uploading, record.outcome == nil else { return nil }
        let object: ObjectInfo?
        do { object = try await store.head(record.key) } catch {
            throw Failure.transient("object store: \(error.description)")
        }
        guard let object, object.size == record.size else { return nil }
        return try record.uploaded(stepDeadline: rules.deadline, context)
    }

    /// What gives an overdue media more time; nil when its time is over.
    private func later(
        _ record: MediaRecord, _ watchingSince: Date, _ backlog: Backlog, _ context: TransitionContext
    ) throws -> Transition? {
        if record.deadline < watchingSince || backlog.mayHoldWork(of: record) { return try record.spared(rules, context) }
        return try record.driven(rules, context)
    }

    /// The record as it is, or one to begin with; nil when the media has ended and `step` does not bring it back.
    private func current(
        _ keys: MediaKeys, _ step: Step?, _ trace: TraceParent
    ) async throws -> (MediaRecord, TransitionContext)? {
        guard let (entry, version) = try await catalog.entry(keys.mediaId) else {
            let context = context(0, trace)
            return (.recovered(keys, rules, context), context)
        }
        let context = context(version, trace)
        if case .inFlight(let record) = entry { return (record, context) }
        guard let step, entry.status == .failed, let manifest = try await catalog.manifest(keys),
            let record = MediaRecord(failed: manifest, rescuedBy: step, context)
        else { return nil }
        return (record, context)
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
            let reason = "object store: \(error.description)"
            throw error.code == .full ? Failure.transient(reason, .fullDisk) : .transient(reason)
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
