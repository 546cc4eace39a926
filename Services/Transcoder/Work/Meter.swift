/// How far a job is, by the time of the media: never falling, and told no more often than it has moved by a thousandth.
struct Meter: Sendable {
    /// What decoding costs, in pixels encoded in its place.
    static let decoding = 400_000.0

    private let weights: [Double]
    /// Of the media in seconds; nil while nobody knows it.
    var duration: Double?
    private var told = 0.0

    /// - Parameters:
    ///   - weights: what each pass costs beside the others.
    ///   - duration: of the media in seconds, where it is known.
    init(_ weights: [Double], _ duration: Double?) {
        self.weights = weights
        self.duration = duration
    }

    /// - Returns: nil while it has not moved.
    mutating func progress(pass: Int, seconds: Double) -> Double? {
        let duration = max(0.001, duration ?? 3600)
        let done = weights.prefix(pass).reduce(0, +) + weights[pass] * min(1, max(0, seconds / duration))
        let progress = min(0.999, done / max(1, weights.reduce(0, +)))
        guard progress >= told + 0.001 else { return nil }
        told = progress
        return progress
    }
}
