/// The sRGB transfer curve between 8-bit values and linear light from 0 to 1.
///
/// Source: IEC 61966-2-1.
enum LinearLight {
    /// Linear light of each 8-bit value.
    static let fromByte: [Double] = (0...255).map { byte in
        let value = Double(byte) / 255
        return value <= 0.04045 ? value / 12.92 : LibM.power((value + 0.055) / 1.055, 2.4)
    }

    /// The nearest 8-bit value; light outside 0…1 is clamped.
    static func toByte(_ light: Double) -> Int {
        let value = min(1, max(0, light))
        let encoded = value <= 0.0031308 ? value * 12.92 : 1.055 * LibM.power(value, 1 / 2.4) - 0.055
        return Int(encoded * 255 + 0.5)
    }
}
