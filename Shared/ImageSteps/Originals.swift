package import Events
import Messaging
package import NIOCore
package import NIOPosix
package import ObjectStore
package import Vips

/// Where the picture work is done: originals come out of the store into memory and are worked on by threads of their own.
package struct Originals: Sendable {
    package let settings: ImageSettings
    package let store: any ObjectStore
    private let threads: NIOThreadPool

    package init(store: any ObjectStore, threads: NIOThreadPool, settings: ImageSettings) {
        self.store = store
        self.threads = threads
        self.settings = settings
    }

    /// For a step: what `work` makes of the event's original.
    /// - Throws: `StoreError`; `Failure`, judged, for all that is about pictures.
    package func work<Answer: Sendable>(
        on event: MediaIngested, _ work: @escaping @Sendable (ByteBufferView, ImageLoader) throws -> Answer
    ) async throws -> Answer {
        guard let loader = ImageLoader(rawValue: event.format.rawValue) else {
            throw Failure.permanent(MediaError(.unsupportedMediaType, "This kind of file is not supported."))
        }
        do { return try await self.work(on: event.key) { try work($0, loader) } } catch let error as VipsError {
            throw Failure(judging: error)
        }
    }

    /// What `work`, which may block, makes of an object's bytes.
    /// - Throws: `StoreError`; what `work` throws.
    package func work<Answer: Sendable>(
        on key: String, _ work: @escaping @Sendable (ByteBufferView) throws -> Answer
    ) async throws -> Answer {
        let original = try await store.readAll(key, limit: settings.maxBytes)
        return try await threads.runIfActive { try work(original.readableBytesView) }
    }
}
