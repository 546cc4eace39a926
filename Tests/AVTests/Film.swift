import TestSupport

@testable import AV

/// A file for a test, in a folder that goes with it.
final class Film {
    let directory = TemporaryDirectory()
    let path: String
    let container: Container

    /// - Parameter arguments: what `ffmpeg` makes it with.
    init(_ name: String, _ container: Container, _ arguments: String) throws {
        path = try MediaFile.make(name, in: directory, arguments)
        self.container = container
    }

    deinit { directory.remove() }

    func probe(_ limits: SourceLimits = SourceLimits()) throws(AVError) -> MediaProbe {
        try MediaProbe(try Source(path: path, container: container, limits: limits))
    }

    /// How it is refused; nil where it is not.
    func refusal(_ limits: SourceLimits = SourceLimits()) -> AVError.Code? { AVTests.refusal(of: path, container, limits) }

    func still(shortSide: Int = 64) throws(AVError) -> Still? {
        try Source(path: path, container: container).representative(shortSide: shortSide)
    }

    /// Colours like a test card; `size` as 64x36, `seconds` long.
    static func card(_ size: String, rate: Int = 30, seconds: Double = 1) -> String {
        "-f lavfi -i testsrc2=s=\(size):r=\(rate):d=\(seconds)"
    }
}

extension MediaProbe {
    var picture: MediaStream.Picture? { video.flatMap { streams[$0].picture } }
}

/// How a file is refused; nil where it is not.
func refusal(
    of path: String, _ container: Container, _ limits: SourceLimits = SourceLimits(), deadline: ContinuousClock.Instant? = nil
) -> AVError.Code? {
    do throws(AVError) {
        _ = try MediaProbe(try Source(path: path, container: container, limits: limits, deadline: deadline))
        return nil
    } catch { return error.code }
}
