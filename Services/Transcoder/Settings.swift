import AV
import FoundationEssentials
import Launch
import MediaSteps
import Sandbox

/// What the environment says of this service.
struct Settings: Sendable {
    /// Originals that are worked on at once, each in a process of its own.
    var concurrency: Int
    var media: MediaSettings
    var ladder: Ladder
    var encoding: Encoding
    /// Seconds of media; see `Job.earlyFrom`.
    var earlyFrom: Double
    /// Bytes of all that is made of one original.
    var maxOutput: Int
    var worker: WorkerLimits
    /// After so long a silence a job says that it lives.
    var pulse: Duration = .seconds(20)
    /// Whether H.264 may be encoded on a graphics card; whether it can be, `withGraphics` finds out.
    var wantsGraphics: Bool

    /// Reads what `MediaSettings` reads, `MILLRACE_TRANSCODE_*` and `MILLRACE_VIDEO_*`.
    init(_ environment: Environment) throws(SettingsError) {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        concurrency = try environment.int("MILLRACE_TRANSCODE_CONCURRENCY", default: 1, in: 1...64)
        media = try MediaSettings(environment)
        ladder = Ladder()
        ladder.sides = try Self.sides(environment)
        ladder.encoders = try Self.encoders(environment)
        encoding = Encoding()
        encoding.threads = try environment.int("MILLRACE_TRANSCODE_THREADS", default: max(1, cores), in: 1...256)
        encoding.preset = try environment.choice("MILLRACE_VIDEO_PRESET", default: Preset.veryfast).rawValue
        earlyFrom = try environment.duration("MILLRACE_TRANSCODE_EARLY", default: .seconds(30)) / .seconds(1)
        maxOutput = try environment.int("MILLRACE_TRANSCODE_MAX_OUTPUT", default: 20 << 30, in: 1...(1 << 50))
        wantsGraphics = try environment.bool("MILLRACE_VIDEO_NVENC", default: true)
        let timeout = try environment.duration("MILLRACE_TRANSCODE_TIMEOUT", default: .seconds(6 * 3600)) / .seconds(1)
        worker = WorkerLimits(
            cpuSeconds: max(1, Int(timeout) * encoding.threads),
            memory: try environment.int("MILLRACE_TRANSCODE_MEMORY", default: 8 << 30, in: (256 << 20)...(1 << 50)),
            fileSize: Publication.fileLimit, openFiles: 64, wallSeconds: timeout, messageBytes: 256 << 20)
    }

    private enum Preset: String, CaseIterable {
        case ultrafast, superfast, veryfast, faster, fast, medium, slow, slower, veryslow
    }

    private static func sides(_ environment: Environment) throws(SettingsError) -> [Int] {
        let name = "MILLRACE_VIDEO_RUNGS"
        var sides: Set<Int> = []
        for text in try environment.list(name, default: ["1080", "720", "432", "234"]) {
            guard let side = Int(text), (16...2160).contains(side) else {
                throw SettingsError(name, value: text, isNot: "a whole number from 16 to 2160")
            }
            sides.insert(side)
        }
        guard (1...12).contains(sides.count) else { throw SettingsError(name, "must have 1 to 12 rungs") }
        return sides.sorted(by: >)
    }

    private static func encoders(_ environment: Environment) throws(SettingsError) -> [VideoEncoder] {
        let name = "MILLRACE_VIDEO_CODECS"
        let known: [String: VideoEncoder] = ["h264": .x264, "hevc": .x265, "av1": .svtAV1]
        var encoders: [VideoEncoder] = []
        for text in try environment.list(name, default: ["h264"]) {
            guard let encoder = known[text] else { throw SettingsError(name, value: text, isNot: "one of h264, hevc, av1") }
            if !encoders.contains(encoder) { encoders.append(encoder) }
        }
        guard !encoders.isEmpty else { throw SettingsError(name, "must name at least one codec") }
        return encoders
    }
}
