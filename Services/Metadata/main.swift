import Events
import ImageSteps
import Launch
import Messaging
import NIOPosix
import Steps
import Vips

await launch("metadata", defaultPort: 8083) { boot in
    let settings = try ImageSettings(boot.environment)
    try Vips.start()
    let threads = NIOThreadPool(numberOfThreads: settings.threads)
    threads.start()
    let originals = Originals(store: boot.store, threads: threads, settings: settings)
    let handler = StepHandler(MetadataStep(originals: originals))
    return [boot.consumer(.metadata, [Route(handler)], concurrency: settings.concurrency)]
}
