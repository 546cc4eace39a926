/// Decoded pixels: 8 bits a channel, sRGB, row by row without padding, straight alpha where there is any.
package struct Pixels: Sendable, Hashable {
    package let width: Int
    package let height: Int
    /// 3 (RGB) or 4 (RGBA).
    package let bands: Int
    package let bytes: [UInt8]

    package init(width: Int, height: Int, bands: Int, bytes: [UInt8]) {
        self.width = width
        self.height = height
        self.bands = bands
        self.bytes = bytes
    }
}
