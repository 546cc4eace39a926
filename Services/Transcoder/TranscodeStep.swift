import AV
import Events
import MediaSteps
import Messaging
import Sandbox
import Steps

/// Makes a video, or sound, into a stream that plays everywhere.
struct TranscodeStep: StepWork {
    static let step = Step.transcode
    static let group = Group.transcoder
    static let lament = "The media could not be made into a stream."
    static let mode = "transcode"

    let bus: any Bus
    let originals: LocalOriginals
    let settings: Settings
    var worker = Worker(mode)

    func run(_ incoming: Incoming<MediaIngested>) async throws -> StepOutcome {
        let event = incoming.event
        let attempts = try attempts(on: event)
        // A redelivered event whose work is published already.
        if let result = try await attempts.finished() { return StepOutcome(.transcode(result)) }
        let progress = Progress(incoming, bus, pulse: settings.pulse)
        let result = try await progress.alive {
            let publication = attempts.begin()
            let made = try await originals.work(on: event) { original in try await work(original, progress, publication) }
            return try await attempts.conclude(publication, made)
        }
        return StepOutcome(.transcode(result))
    }

    /// A part of a stream that will never be whole is not left to be found. Telling that there is none matters more.
    func clear(after event: MediaIngested) async { try? await attempts(on: event).clear() }

    private func attempts(on event: MediaIngested) throws -> Attempts {
        let hash = try Recipe(ladder: settings.ladder, encoding: settings.encoding).hash(etag: event.etag)
        let keys = MediaKeys(projectId: event.projectId, mediaId: event.mediaId)
        return Attempts(store: originals.store, prefix: keys.derived("stream/\(hash)/"), limit: settings.maxOutput)
    }

    /// Publishes what the worker makes, as it makes it. When this ends, the worker has ended.
    private func work(
        _ original: LocalOriginal, _ progress: Progress, _ publication: Publication
    ) async throws -> TranscodeResult {
        let folder = try original.makeFolder("stream")
        let job = Job(original, in: folder, settings)
        let files = WorkerFiles(directory: folder, readable: [original.path])
        let (news, teller) = AsyncThrowingStream.makeStream(of: News.self)
        return try await withThrowingTaskGroup(of: TranscodeResult?.self) { tasks in
            tasks.addTask {
                do {
                    try await worker.run(job, files: files, limits: settings.worker) { (news: News) in teller.yield(news) }
                    teller.finish()
                } catch { teller.finish(throwing: error) }
                return nil
            }
            tasks.addTask { try await publish(news, from: job.folder, progress, publication) }
            // The first error cancels the others, and the group waits for them.
            var result: TranscodeResult?
            while let ended = try await tasks.next() { result = ended ?? result }
            guard let result else { throw Failure.transient("the worker ended before its work was done") }
            return result
        }
    }

    /// - Returns: nil where the last stage did not come.
    private func publish(
        _ news: AsyncThrowingStream<News, any Error>, from folder: String, _ progress: Progress, _ publication: Publication
    ) async throws -> TranscodeResult? {
        var last: TranscodeResult?
        for try await item in news {
            switch item {
            case .progress(let share): await progress.tell(share)
            case .failed(let code, let text): throw AVError(code, text)
            case .stage(let stage):
                let result = try await publication.publish(stage, from: folder)
                if result.isComplete { last = result } else { try await progress.tell(result) }
            }
        }
        try Task.checkCancellation()
        return last
    }
}

extension Job {
    init(_ original: LocalOriginal, in folder: String, _ settings: Settings) {
        self.init(
            original: original.path, container: original.container, folder: folder, ladder: settings.ladder,
            encoding: settings.encoding, limits: settings.media.limits, earlyFrom: settings.earlyFrom,
            maxOutput: settings.maxOutput)
    }
}
