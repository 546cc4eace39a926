import AV
import Events
import MediaSteps
import Messaging
import Sandbox

/// The work on films and sounds: a worker looks into the original, its findings become the step's.
struct FilmInspection: Sendable {
    let originals: LocalOriginals
    var worker = Worker(FilmProbe.mode)

    /// - Throws: `StoreError`; `Failure`, judged.
    func run(_ event: MediaIngested) async throws -> Findings {
        try await originals.work(on: event) { original in
            let settings = originals.settings
            let job = FilmProbe.Job(
                path: original.path, container: original.container, limits: settings.limits, seconds: settings.probeSeconds)
            let limits = WorkerLimits(
                cpuSeconds: Int(settings.probeSeconds.rounded(.up)), memory: settings.memory,
                wallSeconds: settings.probeSeconds + 5, messageBytes: 256 << 10)
            let folder = try original.makeFolder("worker")
            let files = WorkerFiles(directory: folder, readable: [original.path])
            let answer: FilmProbe.Answer = try await worker.ask(job, files: files, limits: limits)
            switch answer {
            case .found(let findings): return Findings(findings)
            case .refused(let error): throw error
            }
        }
    }
}

extension Findings {
    init(_ film: FilmProbe.Findings) {
        result = MetadataResult(film.probe, film.hashes)
        let blind = MediaWarning("noPicture", "No picture of the film can be decoded.", step: .metadata)
        warnings = film.probe.warnings + (film.probe.video != nil && film.hashes == nil ? [blind] : [])
    }
}

extension MediaProbe {
    fileprivate var warnings: [MediaWarning] {
        let cut = MediaWarning("truncated", "The file ends before what it promises.", step: .metadata)
        let mute = streams.filter { !$0.isDecodable && ($0.kind == .video || $0.kind == .audio) }.map {
            MediaWarning("unsupportedStream", "Stream \($0.index) (\($0.codec)) cannot be decoded.", step: .metadata)
        }
        return (isTruncated ? [cut] : []) + mute
    }
}
