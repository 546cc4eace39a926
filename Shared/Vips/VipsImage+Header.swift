internal import CVips

extension VipsImage {
    /// The header of a file that was opened without reduction.
    /// - Parameter frames: where it is known better than by libvips.
    func header(frames: Int?) -> ImageHeader {
        let icc = block(VIPS_META_ICC_NAME)
        return ImageHeader(
            width: width, height: Int(vips_image_get_page_height(pointer)),
            orientation: Int(vips_image_get_orientation(pointer)), bands: bands, bitDepth: bitDepth, hasAlpha: hasAlpha,
            colourSpace: icc.flatMap(ICCProfile.init)?.shortName ?? spaceName,
            frames: max(1, frames ?? Int(vips_image_get_n_pages(pointer))),
            exif: block(VIPS_META_EXIF_NAME), icc: icc)
    }

    private var bitDepth: Int {
        var bits: Int32 = 0
        if vips_image_get_typeof(pointer, "heif-bitdepth") != 0, vips_image_get_int(pointer, "heif-bitdepth", &bits) == 0 {
            return Int(bits)
        }
        return vips_image_get_format(pointer) == VIPS_FORMAT_UCHAR ? 8 : 16
    }

    private var spaceName: String {
        switch interpretation {
        case VIPS_INTERPRETATION_B_W, VIPS_INTERPRETATION_GREY16: "gray"
        case VIPS_INTERPRETATION_CMYK: "cmyk"
        default: "srgb"
        }
    }

    /// The names of what the file carries beside its pixels.
    package var metadataNames: [String] {
        guard let fields = vips_image_get_fields(pointer) else { return [] }
        defer { g_strfreev(fields) }
        return sequence(first: 0, next: { $0 + 1 }).lazy.map { fields[$0] }.prefix { $0 != nil }
            .compactMap { $0.map { String(cString: $0) } }
    }

    func block(_ name: String) -> [UInt8]? {
        guard vips_image_get_typeof(pointer, name) != 0 else { return nil }
        var start: UnsafeRawPointer?
        var length = 0
        guard vips_image_get_blob(pointer, name, &start, &length) == 0, let start else { return nil }
        return Array(UnsafeRawBufferPointer(start: start, count: length))
    }
}
