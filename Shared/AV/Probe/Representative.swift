/// Chooses among pictures.
enum Representative {
    /// The one whose colours are nearest to the mean of all, as FFmpeg's filter `thumbnail` does; of equals the first.
    static func pick(_ stills: [Still]) -> Still? {
        let lively = stills.filter(isLively)
        let choice = lively.isEmpty ? stills : lively
        let histograms = choice.map(histogram)
        let mean = (0..<3 * bins).map { bin in histograms.reduce(0) { $0 + $1[bin] } / Double(max(1, histograms.count)) }
        let distances = histograms.map { zip($0, mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
        return distances.indices.min { distances[$0] < distances[$1] }.map { choice[$0] }
    }

    /// Neither dark nor of one colour.
    private static func isLively(_ still: Still) -> Bool {
        let greens = samples(still).map { Double(still.bytes[$0 + 1]) }
        let mean = greens.reduce(0, +) / Double(max(1, greens.count))
        let variance = greens.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, greens.count))
        return mean > 20 && variance > 36
    }

    /// Shares of red, green and blue by brightness.
    private static func histogram(_ still: Still) -> [Double] {
        var counts = [Double](repeating: 0, count: 3 * bins)
        let places = samples(still)
        for place in places {
            for band in 0..<3 { counts[band * bins + Int(still.bytes[place + band]) * bins / 256] += 1 }
        }
        return counts.map { $0 / Double(max(1, places.count)) }
    }

    private static let bins = 32

    /// Where some pixels begin, spread over the picture: enough to judge it.
    private static func samples(_ still: Still) -> [Int] {
        let pixels = still.width * still.height
        return stride(from: 0, to: pixels, by: max(1, pixels / 4001)).map { 3 * $0 }
    }
}
