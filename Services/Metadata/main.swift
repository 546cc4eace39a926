import Events
import ImageSteps
import Launch
import Logging
import MediaSteps
import Messaging
import NIOPosix
import Sandbox
import Steps
import Vips

workIfAsked(FilmProbe.mode) { (job: FilmProbe.Job, outlet) in
    var job = job
    job.path = outlet.path(job.path)
    try outlet.send(FilmProbe.run(job))
}

await launch("metadata", defaultPort: 8083) { boot in
    let settings = try ImageSettings(boot.environment)
    try Vips.start()
    let threads = NIOThreadPool(numberOfThreads: settings.threads)
    threads.start()
    let originals = Originals(store: boot.store, threads: threads, settings: settings)
    let media = try MediaSettings(boot.environment)
    let films = FilmInspection(originals: LocalOriginals(store: boot.store, settings: media))
    films.originals.sweep()
    for lack in try await films.worker.shortcomings(below: media.directory) {
        boot.logger.warning("films are opened in workers with a weaker confinement", metadata: ["lack": "\(lack)"])
    }
    let handler = StepHandler(MetadataStep(originals: originals, films: films))
    return [boot.consumer(.metadata, [Route(handler)], concurrency: settings.concurrency)]
}
