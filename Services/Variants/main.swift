import Events
import Launch
import Messaging
import NIOPosix
import Vips

await launch("variants", defaultPort: 8084) { boot in
    let settings = try Settings(boot.environment)
    try Vips.start()
    let threads = NIOThreadPool(numberOfThreads: settings.threads)
    threads.start()
    let handler = VariantsHandler(store: boot.store, threads: threads, settings: settings)
    ImageRoute(store: boot.store, threads: threads, settings: settings).add(to: boot.httpRouter)
    // One more than there are threads: the next original is read while pictures are worked on, and no more are in memory.
    return [boot.consumer(.variants, [Route(handler)], concurrency: settings.threads + 1)]
}
