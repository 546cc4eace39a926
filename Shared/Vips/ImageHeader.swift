/// What a file says of itself before its pixels are decoded.
package struct ImageHeader: Sendable, Hashable {
    /// As stored, before `orientation` is applied.
    package let width: Int
    package let height: Int
    /// EXIF orientation 1…8; 1 for HEIC and AVIF, whose decoder turns the picture itself.
    package let orientation: Int
    /// Channels as decoded, alpha included.
    package let bands: Int
    /// Bits per channel: 1 to 16.
    package let bitDepth: Int
    package let hasAlpha: Bool
    /// The embedded profile's name as a short word (`srgb`, `p3`, `adobergb`, …), else that of the pixels' own space
    /// (`srgb`, `gray`, `cmyk`).
    package let colourSpace: String
    /// Frames of an animation; 1 for a still.
    package let frames: Int
    /// The EXIF block as the file has it, with or without its leading `Exif\0\0`.
    package let exif: [UInt8]?
    /// The embedded ICC profile.
    package let icc: [UInt8]?

    /// The size that people see.
    package var displayWidth: Int { orientation >= 5 ? height : width }
    package var displayHeight: Int { orientation >= 5 ? width : height }
}
