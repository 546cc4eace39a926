/// What a file may ask of us, checked on its header before a pixel is decoded.
package struct ImageLimits: Sendable, Hashable {
    /// Width times height of one frame.
    package var maxPixels: Int
    /// The longest side, in pixels.
    package var maxSide: Int
    /// Frames of an animation.
    package var maxFrames: Int

    package init(maxPixels: Int = 100_000_000, maxSide: Int = 65_500, maxFrames: Int = 20_000) {
        self.maxPixels = maxPixels
        self.maxSide = maxSide
        self.maxFrames = maxFrames
    }

    func check(width: Int, height: Int, frames: Int = 1) throws(VipsError) {
        guard max(width, height) <= maxSide, width * height <= maxPixels else {
            throw VipsError(.tooManyPixels, "\(width)×\(height) is above the limit of \(maxPixels) pixels, \(maxSide) a side")
        }
        guard frames <= maxFrames else {
            throw VipsError(.tooManyPixels, "\(frames) frames are above the limit of \(maxFrames)")
        }
    }
}
