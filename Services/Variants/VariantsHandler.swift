import Events
import Messaging
import NIOCore
import NIOPosix
import ObjectStore
import Vips

/// Answers `media.ingested` with thumbnails and a placeholder.
struct VariantsHandler: Handler {
    private let store: any ObjectStore
    private let threads: NIOThreadPool
    private let maxBytes: Int
    private let making: MakeVariants

    init(store: any ObjectStore, threads: NIOThreadPool, settings: Settings) {
        self.store = store
        self.threads = threads
        maxBytes = settings.maxBytes
        making = MakeVariants(recipe: Recipe(sizes: settings.sizes, formats: settings.formats), limits: settings.limits)
    }

    func handle(_ incoming: Incoming<MediaIngested>) async throws -> Commit {
        guard incoming.event.plan.contains(.variants) else { return .nothing }
        let start = ContinuousClock.now
        do {
            let result = try await run(incoming.event)
            return try answer(incoming, completed: result, after: ContinuousClock.now - start)
        } catch let failure as Failure where failure.mediaError != nil {
            // The media's own fault is an answer, not a failure of this service.
            return try await abandon(incoming, because: failure)
        }
    }

    func abandon(_ incoming: Incoming<MediaIngested>, because failure: Failure) async throws -> Commit {
        let event = incoming.event
        guard event.plan.contains(.variants) else { return .nothing }
        var error = failure.mediaError ?? MediaError(.processingFailed, "The variants could not be made.")
        error.step = .variants
        let failed = StepFailed(mediaId: event.mediaId, projectId: event.projectId, step: .variants, error: error)
        return try commit(failed, incoming)
    }

    private func run(_ event: MediaIngested) async throws -> VariantsResult {
        guard let loader = ImageLoader(rawValue: event.format.rawValue) else {
            throw Failure.permanent(MediaError(.unsupportedMediaType, "This kind of file has no variants."))
        }
        let made = try await judged {
            let original = try await store.readAll(event.key, limit: maxBytes)
            return try await threads.runIfActive { try making.run(original.readableBytesView, loader: loader) }
        }
        let folder = "img/\(making.recipe.hash(etag: event.etag))"
        let keys = MediaKeys(projectId: event.projectId, mediaId: event.mediaId)
        let variants = try await judged { try await put(made.thumbnails, into: folder, of: keys) }
        return VariantsResult(lqip: made.lqip, thumbnails: variants)
    }

    private func put(
        _ thumbnails: [MakeVariants.Thumbnail], into folder: String, of keys: MediaKeys
    ) async throws -> [Variant] {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            var variants: [Variant] = []
            for thumbnail in thumbnails {
                let format = thumbnail.format
                let key = keys.derived("\(folder)/\(thumbnail.width)x\(thumbnail.height).\(format.rawValue)")
                tasks.addTask {
                    try await store.put(key, ByteBuffer(bytes: thumbnail.bytes), contentType: format.contentType)
                }
                variants.append(
                    Variant(
                        key: key, width: thumbnail.width, height: thumbnail.height, format: format.rawValue,
                        bytes: thumbnail.bytes.count))
            }
            try await tasks.waitForAll()
            return variants
        }
    }

    private func answer(
        _ incoming: Incoming<MediaIngested>, completed result: VariantsResult, after duration: Duration
    ) throws -> Commit {
        let event = incoming.event
        let completed = StepCompleted(
            mediaId: event.mediaId, projectId: event.projectId, step: .variants, result: .variants(result),
            durationMs: Int(duration / .milliseconds(1)))
        return try commit(completed, incoming)
    }

    /// The event's id follows from its cause: a second run answers with the same one.
    private func commit(_ event: some Event, _ incoming: Incoming<MediaIngested>) throws -> Commit {
        let envelope = Envelope(
            event, id: "\(incoming.envelope.id)-variants", source: "variants", trace: incoming.trace.child())
        return Commit(event.mediaId, outputs: [try Output(envelope)])
    }
}
