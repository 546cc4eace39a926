import AV
import FoundationEssentials
import Sandbox

/// The part of the step that touches a film's or a sound's bytes. It runs in a worker.
enum FilmProbe {
    /// The worker's mode.
    static let mode = "probe"

    struct Job: Codable, Sendable {
        var path: String
        let container: Container
        let limits: SourceLimits
        /// Seconds until reading is given up.
        let seconds: Double
    }

    struct Findings: Codable, Sendable {
        let probe: MediaProbe
        /// Where there is a picture.
        let hashes: Hashes?
    }

    enum Answer: Codable, Sendable {
        case found(Findings)
        case refused(AVError)
    }

    static func run(_ job: Job) -> Answer {
        do throws(AVError) {
            let source = try Source(
                path: job.path, container: job.container, limits: job.limits, deadline: .now + .seconds(job.seconds))
            let probe = try MediaProbe(source)
            return .found(Findings(probe: probe, hashes: try Hashes(of: source)))
        } catch {
            return .refused(error)
        }
    }
}

extension Hashes {
    /// Of the picture that stands for a film; nil where there is none, or none that can be decoded.
    fileprivate init?(of source: borrowing Source) throws(AVError) {
        do throws(AVError) {
            guard let still = try source.representative(shortSide: Self.shortSide),
                let image = still.image, let small = try still.fitting(side: Self.thumbhashSide).image
            else { return nil }
            self.init(image, small: small)
        } catch {
            guard error.code == .limit || error.code == .io else { return nil }
            throw error
        }
    }
}
