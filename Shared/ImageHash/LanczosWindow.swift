/// Which samples of a line make one output sample, and how much each counts.
struct LanczosWindow {
    /// Bits behind the binary point of `weights`: 8-bit samples in 32-bit sums leave this many.
    static let precision: Int32 = 32 - 8 - 2

    let start: Int
    let weights: [Int32]

    /// One window for each output sample, with the arithmetic of Pillow's resampling of 8-bit images.
    static func windows(from inputs: Int, to outputs: Int) -> [LanczosWindow] {
        let scale = Double(inputs) / Double(outputs)
        let stretch = max(1, scale)
        return (0..<outputs).map { output in
            LanczosWindow(centre: (Double(output) + 0.5) * scale, stretch: stretch, inputs: inputs)
        }
    }

    private init(centre: Double, stretch: Double, inputs: Int) {
        let support = 3 * stretch
        start = max(0, Int(centre - support + 0.5))
        let end = min(inputs, Int(centre + support + 0.5))
        let inverse = 1 / stretch
        let raw = (start..<end).map { [start] in
            Self.lanczos((Double($0 - start) + Double(start) - centre + 0.5) * inverse)
        }
        let sum = raw.reduce(0, +)
        weights = raw.map { Self.fixedPoint(sum == 0 ? $0 : $0 / sum) }
    }

    private static func fixedPoint(_ weight: Double) -> Int32 {
        Int32((weight < 0 ? -0.5 : 0.5) + weight * Double(1 << precision))
    }

    private static func lanczos(_ x: Double) -> Double {
        x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0
    }

    private static func sinc(_ x: Double) -> Double {
        x == 0 ? 1 : LibM.sine(x * .pi) / (x * .pi)
    }
}
