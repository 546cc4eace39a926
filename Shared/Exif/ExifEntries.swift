internal import CExif

/// The entries of one block in libexif's memory; freed with this value. No C type leaves it.
struct ExifEntries: ~Copyable {
    /// The directories that we read.
    enum Directory { case main, photo, gps }

    private let data: UnsafeMutablePointer<ExifData>

    /// - Parameter block: begins with `Exif\0\0`.
    init?(_ block: [UInt8]) {
        guard let data = mr_exif_load(block, UInt32(clamping: block.count), Self.allowance) else { return nil }
        self.data = data
    }

    deinit { exif_data_unref(data) }

    /// Bytes that libexif may allocate for one block, with everything it reallocates.
    private static let allowance = 16 << 20

    subscript(directory: Directory, tag: UInt32) -> ExifValue? {
        guard let content = content(directory), let entry = exif_content_get_entry(content, ExifTag(rawValue: tag)),
            let bytes = entry.pointee.data, let format = ExifValue.Format(rawValue: entry.pointee.format.rawValue)
        else { return nil }
        let count = min(Int(entry.pointee.size), ExifValue.maxSize)
        return ExifValue(
            format: format, bytes: Array(UnsafeBufferPointer(start: bytes, count: count)),
            isBigEndian: exif_data_get_byte_order(data) == EXIF_BYTE_ORDER_MOTOROLA)
    }

    private func content(_ directory: Directory) -> UnsafeMutablePointer<ExifContent>? {
        switch directory {
        case .main: data.pointee.ifd.0
        case .photo: data.pointee.ifd.2
        case .gps: data.pointee.ifd.3
        }
    }
}
