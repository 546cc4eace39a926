internal import Glibc

/// Pictures of a high dynamic range as an ordinary screen can show them.
///
/// Light is measured in units of the white of an ordinary picture, 203 cd/m² there (ITU-R BT.2408); what is brighter is bent by
/// Reinhard's curve so that 1000 cd/m² become white. Sources: ITU-R BT.2100-2 (tables 4 and 5), BT.2087 for the primaries.
struct ToneMap {
    private let light: [Float]
    private let isHLG: Bool

    init(_ range: Colour.DynamicRange) {
        isHLG = range == .hlg
        light = (0..<Self.steps).map { step in
            let signal = Float(step) / Float(Self.steps - 1)
            return range == .hlg ? Self.hlgScene(signal) : Self.pqDisplay(signal) / Self.white
        }
    }

    /// - Parameter samples: red, green, blue in 16 bits each, BT.2020 primaries.
    func bytes(_ samples: [UInt16]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: samples.count)
        for start in stride(from: 0, to: samples.count - 2, by: 3) {
            var red = light[Int(samples[start] >> 4)]
            var green = light[Int(samples[start + 1] >> 4)]
            var blue = light[Int(samples[start + 2] >> 4)]
            let factor = self.factor(red, green, blue)
            (red, green, blue) = (red * factor, green * factor, blue * factor)
            bytes[start] = Self.encoded(1.6605 * red - 0.5876 * green - 0.0728 * blue)
            bytes[start + 1] = Self.encoded(-0.1246 * red + 1.1329 * green - 0.0083 * blue)
            bytes[start + 2] = Self.encoded(-0.0182 * red - 0.1006 * green + 1.1187 * blue)
        }
        return bytes
    }

    /// What a pixel's light is multiplied with: HLG's own rendering to a display of 1000 cd/m², then the curve.
    private func factor(_ red: Float, _ green: Float, _ blue: Float) -> Float {
        var factor: Float = 1
        if isHLG {
            let luminance = 0.2627 * red + 0.678 * green + 0.0593 * blue
            factor = powf(luminance, 0.2) * Self.peak / Self.white
        }
        let brightest = max(red, green, blue) * factor
        let white = Self.peak / Self.white
        return factor * (1 + brightest / (white * white)) / (1 + brightest)
    }

    private static let steps = 4096
    private static let white: Float = 203
    private static let peak: Float = 1000

    /// cd/m².
    private static func pqDisplay(_ signal: Float) -> Float {
        let power = powf(signal, 1 / 78.84375)
        return 10_000 * powf(max(0, power - 0.8359375) / (18.8515625 - 18.6875 * power), 1 / 0.1593017578125)
    }

    /// Light of the scene, from 0 to 1.
    private static func hlgScene(_ signal: Float) -> Float {
        signal <= 0.5 ? signal * signal / 3 : (expf((signal - 0.55991073) / 0.17883277) + 0.28466892) / 12
    }

    /// sRGB.
    private static func encoded(_ light: Float) -> UInt8 { curve[Int(max(0, min(1, light)) * Float(steps - 1))] }

    private static let curve: [UInt8] = (0..<steps).map { step in
        let light = Float(step) / Float(steps - 1)
        return UInt8((255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * powf(light, 1 / 2.4) - 0.055)).rounded())
    }
}
