import Events
import ImageSteps
import Launch
import Messaging
import NIOPosix
import Steps
import Vips

await launch("variants", defaultPort: 8084) { boot in
    let settings = try Settings(boot.environment)
    try Vips.start()
    let threads = NIOThreadPool(numberOfThreads: settings.images.threads)
    threads.start()
    let originals = Originals(store: boot.store, threads: threads, settings: settings.images)
    ImageRoute(originals: originals, settings: settings).add(to: boot.httpRouter)
    let handler = StepHandler(VariantsStep(originals: originals, settings: settings))
    return [boot.consumer(.variants, [Route(handler)], concurrency: settings.images.concurrency)]
}
