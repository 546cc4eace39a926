/// The sRGB transfer curve between 8-bit values and linear light from 0 to 1, rounded as BlurHash's reference rounds it.
///
/// Source: IEC 61966-2-1.
enum LinearLight {
    /// Linear light of each 8-bit value.
    static let fromByte: [Float] = (0...255).map { byte in
        let value = Double(Float(byte) / 255)
        return value <= 0.04045 ? Float(value / 12.92) : LibM.power(Float((value + 0.055) / 1.055), 2.4)
    }

    /// The nearest 8-bit value; light outside 0…1 is clamped.
    static func toByte(_ light: Float) -> Int {
        let value = min(1, max(0, light))
        let linear = Double(value) * 12.92
        let encoded = Double(value) <= 0.0031308 ? linear : 1.055 * Double(LibM.power(value, Float(1 / 2.4))) - 0.055
        return Int(encoded * 255 + 0.5)
    }
}
