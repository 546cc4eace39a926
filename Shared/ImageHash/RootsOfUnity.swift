/// A complex number, for transforms.
struct Complex {
    var real: Double
    var imaginary: Double

    var conjugate: Complex { Complex(real: real, imaginary: -imaginary) }
    var timesI: Complex { Complex(real: -imaginary, imaginary: real) }

    static func + (a: Complex, b: Complex) -> Complex {
        Complex(real: a.real + b.real, imaginary: a.imaginary + b.imaginary)
    }
    static func - (a: Complex, b: Complex) -> Complex {
        Complex(real: a.real - b.real, imaginary: a.imaginary - b.imaginary)
    }
    static func * (a: Complex, b: Complex) -> Complex {
        Complex(
            real: a.real * b.real - a.imaginary * b.imaginary, imaginary: a.real * b.imaginary + a.imaginary * b.real)
    }
}

/// e^(2πi·k/n), with the same last bits as the table of pocketfft, which SciPy uses: a coarse root times a fine one.
enum RootsOfUnity {
    /// - Parameter fine: a power of two; the fine root's index is `k` modulo this.
    static func root(_ k: Int, of n: Int, fine: Int) -> Complex {
        octant(k % fine, of: n) * octant(k - k % fine, of: n)
    }

    /// Only angles up to 45° go through sine and cosine; `k` is at most n/2.
    private static func octant(_ k: Int, of n: Int) -> Complex {
        let angle = 0.25 * Double.pi / Double(n)
        let (sine, cosine) = (
            { (eighths: Int) in LibM.sine(Double(eighths) * angle) },
            { (eighths: Int) in LibM.cosine(Double(eighths) * angle) }
        )
        switch 8 * k {
        case ..<n: return Complex(real: cosine(8 * k), imaginary: sine(8 * k))
        case ..<(2 * n): return Complex(real: sine(2 * n - 8 * k), imaginary: cosine(2 * n - 8 * k))
        case ..<(3 * n): return Complex(real: -sine(8 * k - 2 * n), imaginary: cosine(8 * k - 2 * n))
        default: return Complex(real: -cosine(4 * n - 8 * k), imaginary: sine(4 * n - 8 * k))
        }
    }
}
