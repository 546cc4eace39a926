import Events
import Launch
import Messaging
import NIOPosix
import Vips

await launch("metadata", defaultPort: 8083) { boot in
    let settings = try Settings(boot.environment)
    try Vips.start()
    let threads = NIOThreadPool(numberOfThreads: settings.threads)
    threads.start()
    let handler = MetadataHandler(store: boot.store, threads: threads, settings: settings)
    // One more than there are threads: the next original is read while pictures are worked on, and no more are in memory.
    return [boot.consumer(.metadata, [Route(handler)], concurrency: settings.threads + 1)]
}
