internal import CVips

/// A picture in libvips: mostly a recipe, whose pixels are computed when they are asked for. One owner; the last one frees it.
///
/// It keeps what it was made from alive, down to the file's bytes. Work with it blocks: on a thread pool of its own, never on
/// Swift's.
package struct VipsImage: ~Copyable {
    let pointer: UnsafeMutablePointer<CVips.VipsImage>

    /// Takes over one reference.
    private init(owning pointer: UnsafeMutablePointer<CVips.VipsImage>) { self.pointer = pointer }

    deinit { g_object_unref(pointer) }

    package var width: Int { Int(pointer.pointee.Xsize) }
    package var height: Int { Int(pointer.pointee.Ysize) }
    var bands: Int { Int(pointer.pointee.Bands) }
    var interpretation: VipsInterpretation { vips_image_get_interpretation(pointer) }
    package var hasAlpha: Bool { vips_image_hasalpha(pointer) != 0 }

    /// Runs an operation that answers an image.
    static func made(
        failure: VipsError.Code = .other, _ operation: (UnsafeMutablePointer<UnsafeMutablePointer<CVips.VipsImage>?>) -> Int32
    ) throws(VipsError) -> VipsImage {
        var out: UnsafeMutablePointer<CVips.VipsImage>?
        guard operation(&out) == 0, let out else { throw .taken(failure) }
        return VipsImage(owning: out)
    }

    /// The whole picture computed into memory: what follows does not decode again, and a broken file shows itself here.
    func inMemory() throws(VipsError) -> VipsImage {
        guard let copy = vips_image_copy_memory(pointer) else { throw .taken(.corrupt) }
        return VipsImage(owning: copy)
    }

    /// The picture as 8-bit sRGB bytes.
    package func pixels() throws(VipsError) -> Pixels {
        var length = 0
        guard let memory = vips_image_write_to_memory(pointer, &length) else { throw .taken(.corrupt) }
        defer { g_free(memory) }
        let bytes = Array(UnsafeRawBufferPointer(start: memory, count: length))
        return Pixels(width: width, height: height, bands: bands, bytes: bytes)
    }

    /// A picture from pixels that are in memory already.
    package init(_ pixels: Pixels) throws(VipsError) {
        try Vips.requireStarted()
        let (area, overflow) = pixels.width.multipliedReportingOverflow(by: pixels.height)
        guard !overflow, area > 0, [3, 4].contains(pixels.bands), area <= Int.max / 4, area * pixels.bands == pixels.bytes.count
        else { throw VipsError(.other, "the pixels do not fill their size") }
        let copy = pixels.bytes.withUnsafeBytes { bytes in
            vips_image_new_from_memory_copy(
                bytes.baseAddress, bytes.count, Int32(clamping: pixels.width), Int32(clamping: pixels.height),
                Int32(pixels.bands), VIPS_FORMAT_UCHAR)
        }
        guard let copy else { throw .taken(.other) }
        copy.pointee.Type = VIPS_INTERPRETATION_sRGB
        self.init(owning: copy)
    }
}
