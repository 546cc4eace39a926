/// The inverse FFT, unscaled, of a spectrum whose second half is the conjugate of the first: its values are real.
///
/// Decimation in frequency, radix 2 first where the length is no power of four, then radix 4.
enum HermitianFFT {
    /// - Parameter half: the factors 0…n/2 of a spectrum of n = 1, 2, 4, … 32 factors.
    static func inverse(_ half: [Complex]) -> [Double] {
        let count = half.count == 1 ? 1 : 2 * (half.count - 1)
        guard count > 1 else { return [half[0].real] }
        let parts = split(half, count: count).map(inverse)
        return (0..<count).map { parts[$0 % parts.count][$0 / parts.count] }
    }

    /// The spectra of every `radix`-th value, beginning with value 0, 1, ….
    private static func split(_ half: [Complex], count: Int) -> [[Complex]] {
        let radix = count.trailingZeroBitCount % 2 == 0 ? 4 : 2
        let part = count / radix
        let factor = { (k: Int) in k <= count / 2 ? half[k] : half[count - k].conjugate }
        var spectra = [[Complex]](repeating: [], count: radix)
        for k in 0...part / 2 {
            let inputs = (0..<radix).map { factor(k + $0 * part) }
            for (index, sum) in butterfly(inputs).enumerated() {
                spectra[index].append(2 * k == part ? sum * eighth(index * 4 / radix) : rotated(sum, by: index * k, of: count))
            }
        }
        return spectra
    }

    private static func butterfly(_ x: [Complex]) -> [Complex] {
        guard x.count == 4 else { return [x[0] + x[1], x[0] - x[1]] }
        let (even, odd) = (x[0] + x[2], x[1] + x[3])
        let (evenTurn, oddTurn) = (x[0] - x[2], (x[1] - x[3]).timesI)
        return [even + odd, evenTurn + oddTurn, even - odd, evenTurn - oddTurn]
    }

    private static func rotated(_ value: Complex, by k: Int, of count: Int) -> Complex {
        k == 0 ? value : value * roots[k * (32 / count)]
    }

    /// Up to half a turn.
    private static let roots = (0...16).map { RootsOfUnity.root($0, of: 32, fine: 8) }

    /// e^(πi·k/4) with equal parts at 45°, where the table's differ in the last bit; pocketfft has this factor as a constant.
    private static func eighth(_ k: Int) -> Complex {
        let half = 0.5.squareRoot()
        switch k {
        case 0: return Complex(real: 1, imaginary: 0)
        case 1: return Complex(real: half, imaginary: half)
        case 2: return Complex(real: 0, imaginary: 1)
        default: return Complex(real: -half, imaginary: half)
        }
    }
}
