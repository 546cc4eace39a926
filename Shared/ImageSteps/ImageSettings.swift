import FoundationEssentials
package import Launch
package import Vips

/// What the environment says to every service that decodes pictures.
package struct ImageSettings: Sendable {
    /// Threads that decode and encode.
    package let threads: Int
    package let limits: ImageLimits
    /// The largest original that is read into memory, in bytes.
    package let maxBytes: Int

    /// Reads `MILLRACE_IMAGE_THREADS`, `MILLRACE_IMAGE_MAX_PIXELS` and `MILLRACE_IMAGE_MAX_BYTES`.
    package init(_ environment: Environment) throws(SettingsError) {
        threads = try environment.int(
            "MILLRACE_IMAGE_THREADS", default: ProcessInfo.processInfo.activeProcessorCount, in: 1...256)
        limits = ImageLimits(
            maxPixels: try environment.int("MILLRACE_IMAGE_MAX_PIXELS", default: 100_000_000, in: 1...1_000_000_000))
        maxBytes = try environment.int("MILLRACE_IMAGE_MAX_BYTES", default: 256 << 20, in: 1...(4 << 30))
    }

    /// How many originals are in work at once: one more than there are threads. The next one is read while pictures are worked
    /// on, and no more are in memory.
    package var concurrency: Int { threads + 1 }
}
