/// The DCT-II of 32 values, without normalisation: `2 · Σ xₙ · cos(π·k·(2n+1)/64)`, to the last bit as SciPy has it.
///
/// Flat or symmetric images have factors that are zero but for rounding, and `phash` compares them; so the additions are
/// made in the order of SciPy's pocketfft: the values as a Hermitian spectrum, an inverse FFT, one rotation a pair.
enum CosineTransform {
    static let count = 32

    private static let rotation = (1...count).map { RootsOfUnity.root($0, of: 4 * count, fine: 16).real }

    static func forward(_ values: [Double]) -> [Double] {
        var result = HermitianFFT.inverse(spectrum(of: values))
        for k in 1..<count / 2 {
            let (low, high) = (result[k], result[count - k])
            let (w, v) = (rotation[k - 1], rotation[count - k - 1])
            let (sum, difference) = (w * high + v * low, w * low - v * high)
            result[k] = 0.5 * (sum + difference)
            result[count - k] = 0.5 * (sum - difference)
        }
        result[count / 2] *= rotation[count / 2 - 1]
        return result
    }

    private static func spectrum(of values: [Double]) -> [Complex] {
        var half = [Complex(real: 2 * values[0], imaginary: 0)]
        for k in stride(from: 1, to: count - 1, by: 2) {
            half.append(Complex(real: values[k] + values[k + 1], imaginary: values[k + 1] - values[k]))
        }
        return half + [Complex(real: 2 * values[count - 1], imaginary: 0)]
    }
}
