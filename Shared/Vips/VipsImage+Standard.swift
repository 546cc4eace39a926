internal import CVips

extension VipsImage {
    /// Upright, 8-bit sRGB, in memory.
    consuming func shown() throws(VipsError) -> VipsImage {
        let image = try standard().inMemory()
        guard vips_image_get_orientation(image.pointer) > 1 else { return image }
        // Turning needs the rows in any order, which a streaming decoder cannot give: hence after `inMemory`.
        return try .made { mr_autorot(image.pointer, $0) }.inMemory()
    }

    /// 8-bit sRGB with three bands, or four with alpha. An embedded profile is applied; one that makes no sense is ignored.
    consuming func standard() throws(VipsError) -> VipsImage {
        let image = try converted()
        guard image.bands <= 4, vips_image_get_format(image.pointer) == VIPS_FORMAT_UCHAR else {
            return try image.trimmed()
        }
        return image
    }

    private func converted() throws(VipsError) -> VipsImage {
        if let managed = managed() { return managed }
        return try .made(failure: .unsupported) { mr_colourspace(pointer, $0, VIPS_INTERPRETATION_sRGB) }
    }

    /// By the embedded profile; nil where there is none to apply.
    private func managed() -> VipsImage? {
        let isCMYK = interpretation == VIPS_INTERPRETATION_CMYK
        let profile = block(VIPS_META_ICC_NAME).flatMap(ICCProfile.init)
        guard isCMYK || profile.map({ !$0.isSRGB }) ?? false else { return nil }
        return try? .made { mr_icc_to_srgb(pointer, $0, isCMYK ? "cmyk" : nil) }
    }

    private func trimmed() throws(VipsError) -> VipsImage {
        let bytes = try VipsImage.made { mr_cast(pointer, $0, VIPS_FORMAT_UCHAR) }
        return try .made { mr_extract_bands(bytes.pointer, $0, 0, Int32(min(4, bands))) }
    }
}
