import ImageSteps
import NIOCore
import Vips

/// Makes the images that requests ask for: a bounded number at a time, and each only once for all who ask for it meanwhile.
struct Rendering: Sendable {
    private let originals: Originals
    private let turns: Turns
    private let running = SharedWork<ByteBuffer>()

    /// - Parameter maxWaiting: how many may wait for a thread.
    init(originals: Originals, maxWaiting: Int) {
        self.originals = originals
        turns = Turns(atOnce: originals.settings.threads, waiting: maxWaiting)
    }

    /// - Parameter name: the same for the same original and options.
    /// - Throws: `Turns.Full` when too many wait already.
    func image(of key: String, _ options: ImageOptions, named name: String) async throws -> ByteBuffer {
        try await running.result(of: name) {
            try await turns.take { try await render(key, options) }
        }
    }

    private func render(_ key: String, _ options: ImageOptions) async throws -> ByteBuffer {
        let limits = originals.settings.limits
        return try await originals.work(on: key) { original in
            guard let loader = ImageLoader(recognising: original) else {
                throw VipsError(.unsupported, "not an image that we decode")
            }
            let file = try ImageFile(original, loader: loader, limits: limits)
            return ByteBuffer(
                bytes: try file.thumbnail(fitting: options.box).encoded(as: options.format, quality: options.quality))
        }
    }
}
