import FoundationEssentials
import Launch
import Vips

/// What the environment says of this service.
struct Settings: Sendable {
    /// Threads that decode and hash.
    let threads: Int
    let limits: ImageLimits
    /// The largest original that is read into memory, in bytes.
    let maxBytes: Int

    /// Reads `MILLRACE_IMAGE_THREADS`, `MILLRACE_IMAGE_MAX_PIXELS` and `MILLRACE_IMAGE_MAX_BYTES`.
    init(_ environment: Environment) throws(SettingsError) {
        threads = try environment.int(
            "MILLRACE_IMAGE_THREADS", default: ProcessInfo.processInfo.activeProcessorCount, in: 1...256)
        limits = ImageLimits(
            maxPixels: try environment.int("MILLRACE_IMAGE_MAX_PIXELS", default: 100_000_000, in: 1...1_000_000_000))
        maxBytes = try environment.int("MILLRACE_IMAGE_MAX_BYTES", default: 256 << 20, in: 1...(4 << 30))
    }
}
