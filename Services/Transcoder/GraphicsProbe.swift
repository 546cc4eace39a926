import AV
import MediaSteps
import Sandbox

/// Whether an encoder on a graphics card can be had, which is known only by opening one: in a worker, as jobs do.
enum GraphicsProbe {
    /// The worker's mode.
    static let mode = "graphics"

    struct Question: Codable, Sendable {}

    enum Answer: Codable, Sendable {
        case works
        case fails(String)
    }

    static func run() -> Answer {
        let encoding = Encoding()
        let rung = Rung(encoder: .nvencH264, width: 1280, height: 720, step: 1, maxBitRate: 4_500_000)
        do throws(AVError) {
            _ = try Encoder(encoding.settings(rung, Cadence(nil), beside: 1))
            return .works
        } catch { return .fails(error.description) }
    }
}

extension Settings {
    /// With H.264 made on the graphics card, where that works; `tell` is given a line for the log.
    func withGraphics(_ tell: (String) -> Void) async -> Settings {
        guard wantsGraphics, ladder.encoders.contains(.x264) else { return self }
        var settings = self
        settings.worker.hasGraphics = true
        // A driver that hangs must not keep the service from its work.
        var limits = settings.worker
        limits.wallSeconds = 20
        do {
            let limits = limits
            let answer: GraphicsProbe.Answer = try await withShortLivedFolder(below: media.directory) { folder in
                try await Worker(GraphicsProbe.mode).ask(
                    GraphicsProbe.Question(), files: WorkerFiles(directory: folder), limits: limits)
            }
            if case .fails(let reason) = answer { throw AVError(.other, reason) }
        } catch {
            tell("H.264 is encoded on the processor: h264_nvenc does not open (\(error))")
            return self
        }
        settings.ladder.encoders = ladder.encoders.map { $0 == .x264 ? .nvencH264 : $0 }
        tell("H.264 is encoded on the graphics card; its workers may use the card's devices")
        return settings
    }
}
