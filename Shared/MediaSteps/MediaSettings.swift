package import AV
import FoundationEssentials
package import Launch

/// What the environment says to every service that opens films and sounds.
package struct MediaSettings: Sendable {
    package let limits: SourceLimits
    /// The largest original, in bytes.
    package let maxBytes: Int64
    /// Bytes of address space that one worker may use.
    package let memory: Int
    /// Seconds that looking into one original may take.
    package let probeSeconds: Double
    /// Where the folders of workers are made; an absolute path.
    package let directory: String

    /// Reads `MILLRACE_MEDIA_MAX_PIXELS`, `MILLRACE_MEDIA_MAX_DURATION`, `MILLRACE_MEDIA_MAX_BYTES`, `MILLRACE_MEDIA_MEMORY`,
    /// `MILLRACE_MEDIA_DIRECTORY` and `MILLRACE_PROBE_TIMEOUT`.
    package init(_ environment: Environment) throws(SettingsError) {
        let duration = try environment.duration("MILLRACE_MEDIA_MAX_DURATION", default: .seconds(43_200))
        limits = SourceLimits(
            maxPixels: try environment.int("MILLRACE_MEDIA_MAX_PIXELS", default: 40_000_000, in: 1...1_000_000_000),
            maxDuration: duration / .seconds(1))
        maxBytes = Int64(try environment.int("MILLRACE_MEDIA_MAX_BYTES", default: 5 << 30, in: 1...(1 << 50)))
        memory = try environment.int("MILLRACE_MEDIA_MEMORY", default: 3 << 30, in: (256 << 20)...(1 << 46))
        let timeout = try environment.duration(
            "MILLRACE_PROBE_TIMEOUT", default: .seconds(120), in: .seconds(1) ... .seconds(3600))
        probeSeconds = timeout / .seconds(1)
        let temporary = FileManager.default.temporaryDirectory.path
        directory = URL(filePath: try environment.string("MILLRACE_MEDIA_DIRECTORY", default: temporary)).absoluteURL.path
    }
}
