/// What a file may ask of us. What is above is an `AVError.limit`, before it is decoded.
package struct SourceLimits: Sendable, Hashable, Codable {
    /// Width times height of a picture.
    package var maxPixels: Int
    /// The longest side of a picture, in pixels.
    package var maxSide: Int
    package var maxStreams: Int
    /// Seconds.
    package var maxDuration: Double
    /// Pictures of one stream, however short the time.
    package var maxFrames: Int
    /// Bytes that are read to find out what the streams are.
    package var probeBytes: Int
    /// Seconds of media that are looked at for the same.
    package var probeSeconds: Double

    package init(
        maxPixels: Int = 40_000_000, maxSide: Int = 16_384, maxStreams: Int = 64, maxDuration: Double = 43_200,
        maxFrames: Int = 12_000_000, probeBytes: Int = 32 << 20, probeSeconds: Double = 10
    ) {
        self.maxPixels = maxPixels
        self.maxSide = maxSide
        self.maxStreams = maxStreams
        self.maxDuration = maxDuration
        self.maxFrames = maxFrames
        self.probeBytes = probeBytes
        self.probeSeconds = probeSeconds
    }

    func check(width: Int, height: Int) throws(AVError) {
        guard max(width, height) <= maxSide, width * height <= maxPixels else {
            throw AVError(.limit, "\(width)×\(height) is above the limit of \(maxPixels) pixels, \(maxSide) a side")
        }
    }

    package func check(frames: Int) throws(AVError) {
        guard frames <= maxFrames else { throw AVError(.limit, "more than \(maxFrames) pictures") }
    }

    /// - Parameter duration: in seconds; nil where it is not known.
    package func check(duration: Double?) throws(AVError) {
        guard let duration, duration > maxDuration else { return }
        throw AVError(.limit, "\(duration) s are above the limit of \(maxDuration)")
    }
}
