import AV
import Events
import Messaging
import ObjectStore
import Sandbox
import Steps

/// Makes a video, or sound, into a stream that plays everywhere.
struct TranscodeStep: StepWork {
    static let step = Step.transcode
    static let group = Group.transcoder
    static let lament = "The media could not be made into a stream."
    static let mode = "transcode"

    let bus: any Bus
    let store: any ObjectStore
    let settings: Settings
    var worker = Worker(mode)

    func run(_ incoming: Incoming<MediaIngested>) async throws -> StepOutcome {
        let event = incoming.event
        guard let container = event.format.container else {
            throw Failure.permanent(MediaError(.unsupportedMediaType, "This kind of file is not supported."))
        }
        let recipe = Recipe(ladder: settings.ladder, encoding: settings.encoding)
        let keys = MediaKeys(projectId: event.projectId, mediaId: event.mediaId)
        let publication = Publication(store: store, prefix: keys.derived("stream/\(recipe.hash(etag: event.etag))/"))
        // A redelivered event whose work is published already.
        if let result = try await publication.finished() { return StepOutcome(.transcode(result)) }
        return try await judged {
            try await withWorkingDirectory(below: settings.directory) { directory in
                let original = try await Original(event, in: store, limit: settings.maxBytes).fetch(into: directory)
                let result = try await work(job(original, container, directory), incoming, publication)
                return StepOutcome(.transcode(result))
            }
        }
    }

    private func job(_ original: String, _ container: Container, _ directory: String) -> Job {
        Job(
            original: original, container: container, folder: "\(directory)/stream", ladder: settings.ladder,
            encoding: settings.encoding, limits: settings.limits, earlyFrom: settings.earlyFrom)
    }

    /// Publishes what the worker makes, as it makes it.
    private func work(
        _ job: Job, _ incoming: Incoming<MediaIngested>, _ publication: Publication
    ) async throws -> TranscodeResult {
        let (news, teller) = AsyncThrowingStream.makeStream(of: News.self)
        let files = WorkerFiles(directory: try Publication.makeFolder(job.folder), readable: [job.original])
        let working = Task {
            do {
                try await worker.run(job, files: files, limits: settings.worker) { (news: News) in teller.yield(news) }
                teller.finish()
            } catch { teller.finish(throwing: error) }
        }
        // Whatever ends this ends the worker.
        defer { working.cancel() }
        return try await withTaskCancellationHandler {
            try await publish(news, from: job.folder, Progress(incoming, bus), publication)
        } onCancel: {
            working.cancel()
        }
    }

    private func publish(
        _ news: AsyncThrowingStream<News, any Error>, from folder: String, _ progress: Progress, _ publication: Publication
    ) async throws -> TranscodeResult {
        var progress = progress
        var last: TranscodeResult?
        for try await item in news {
            switch item {
            case .progress(let share): await progress.tell(share)
            case .failed(let code, let text): throw AVError(code, text)
            case .stage(let stage):
                let result = try await publication.publish(stage, from: folder)
                if !result.isComplete { await progress.tell(result) }
                last = result
            }
        }
        try Task.checkCancellation()
        guard let last, last.isComplete else { throw Failure.transient("the worker ended before its work was done") }
        return last
    }

    private func judged<Result>(_ body: () async throws -> Result) async throws -> Result {
        do { return try await body() } catch let error as AVError {
            throw Failure(judging: error)
        } catch let error as WorkerError {
            throw Failure(judging: error)
        }
    }
}
