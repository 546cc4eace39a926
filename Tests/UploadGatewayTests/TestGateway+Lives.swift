import Catalog
import Events
import FoundationEssentials
import Messaging
import NIOCore
import ObjectStore
import RedisBus
import Testing

/// What the other services would do with a media.
extension TestGateway {
    /// Ingested, one step answered, manifest written, announced.
    func finish(_ media: String) async throws {
        let rules = StepRules()
        try await change(media) { record, context in
            let event = MediaIngested(
                mediaId: record.mediaId, projectId: record.projectId, key: record.key, size: record.size, etag: "e",
                kind: .image, format: .jpeg, fileName: record.fileName, plan: [.variants])
            return try record.ingested(event, rules, context)
        }
        try await change(media) { record, context in
            let keys = MediaKeys(projectId: record.projectId, mediaId: record.mediaId)
            let thumbnail = Variant(key: keys.derived("t.webp"), width: 1, height: 1, format: "webp", bytes: 1)
            let result = StepResult.variants(VariantsResult(lqip: "data:,", thumbnails: [thumbnail]))
            let event = StepCompleted(
                mediaId: record.mediaId, projectId: record.projectId, step: .variants, result: result, durationMs: 1)
            return try record.completed(event, rules, context)
        }
        try await announce(media)
    }

    /// The upload's deadline passes.
    func abandon(_ media: String) async throws {
        try await change(media, at: Date().addingTimeInterval(1_000_000)) { record, context in try record.timedOut(context) }
        try await announce(media)
    }

    private func announce(_ media: String) async throws {
        let record = try await change(media) { record, context in try record.announced(context) }
        let manifest = try #require(Manifest(record))
        let keys = MediaKeys(projectId: record.projectId, mediaId: record.mediaId)
        try await store.put(keys.manifest, ByteBuffer(bytes: try manifest.encoded()), contentType: "application/json")
    }

    /// - Returns: the record before the change.
    @discardableResult
    private func change(
        _ media: String, at now: Date = Date(), _ transition: (MediaRecord, TransitionContext) throws -> Transition?
    ) async throws -> MediaRecord {
        let id = try #require(MediaID(media))
        let (entry, version) = try #require(try await catalog.entry(id))
        guard case .inFlight(let record) = entry else { throw NotInFlight() }
        let context = TransitionContext(version: version, now: now, source: "test", trace: .random())
        let next = try #require(try transition(record, context))
        #expect(try await bus.commit(next.commit) == .committed)
        return record
    }

    private struct NotInFlight: Error {}
}
