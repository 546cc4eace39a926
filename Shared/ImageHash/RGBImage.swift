/// Decoded pixels: 8 bits a channel, sRGB, straight (not premultiplied) alpha, rows from the top without padding.
package struct RGBImage: Sendable, Hashable {
    package let width: Int
    package let height: Int
    /// 3 (red, green, blue) or 4 (and alpha).
    package let bands: Int
    package let bytes: [UInt8]

    /// Nil unless there is at least one pixel and `bytes` holds exactly `width` × `height` × `bands` of them.
    package init?(width: Int, height: Int, bands: Int, bytes: [UInt8]) {
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        guard width > 0, height > 0, bands == 3 || bands == 4, !overflow, bytes.count % bands == 0, bytes.count / bands == pixels
        else { return nil }
        self.init(checkedWidth: width, height: height, bands: bands, bytes: bytes)
    }

    init(checkedWidth width: Int, height: Int, bands: Int, bytes: [UInt8]) {
        self.width = width
        self.height = height
        self.bands = bands
        self.bytes = bytes
    }
}
