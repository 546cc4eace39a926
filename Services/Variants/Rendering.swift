import NIOCore
import NIOPosix
import ObjectStore
import Vips

/// Makes the images that requests ask for: a bounded number at a time, and each only once for all who ask for it meanwhile.
struct Rendering: Sendable {
    private let store: any ObjectStore
    private let threads: NIOThreadPool
    private let settings: Settings
    private let turns: Turns
    private let running = SharedWork<ByteBuffer>()

    init(store: any ObjectStore, threads: NIOThreadPool, settings: Settings) {
        self.store = store
        self.threads = threads
        self.settings = settings
        turns = Turns(atOnce: settings.threads, waiting: settings.maxWaiting)
    }

    /// - Parameter name: the same for the same original and options.
    /// - Throws: `Turns.Full` when too many wait already.
    func image(of key: String, _ options: ImageOptions, named name: String) async throws -> ByteBuffer {
        try await running.result(of: name) {
            try await turns.take { try await render(key, options) }
        }
    }

    private func render(_ key: String, _ options: ImageOptions) async throws -> ByteBuffer {
        let original = try await store.readAll(key, limit: settings.maxBytes).readableBytesView
        guard let loader = ImageLoader(recognising: original) else {
            throw VipsError(.unsupported, "not an image that we decode")
        }
        return try await threads.runIfActive {
            let file = try ImageFile(original, loader: loader, limits: settings.limits)
            return ByteBuffer(
                bytes: try file.thumbnail(fitting: options.box).encoded(as: options.format, quality: options.quality))
        }
    }
}
