internal import CVips

/// What we write.
package enum ImageEncoder: String, Sendable, Hashable, CaseIterable {
    case webp, jpeg, png, avif

    package var contentType: String { "image/\(rawValue)" }
}

extension VipsImage {
    /// The picture as a file, without EXIF, XMP, IPTC or a profile.
    /// - Parameter quality: 1…100; PNG is lossless and ignores it.
    /// - Returns: for JPEG, transparent parts are white.
    package func encoded(as encoder: ImageEncoder, quality: Int) throws(VipsError) -> [UInt8] {
        let quality = Int32(clamping: min(100, max(1, quality)))
        let bare = try encoder == .jpeg ? bare().opaque() : bare()
        let bytes = try Self.written { memory, length in
            switch encoder {
            case .webp: mr_webpsave(bare.pointer, memory, length, quality, Effort.webp)
            case .jpeg: mr_jpegsave(bare.pointer, memory, length, quality, 1)
            case .png: mr_pngsave(bare.pointer, memory, length, Effort.png)
            case .avif:
                mr_heifsave(bare.pointer, memory, length, VIPS_FOREIGN_HEIF_COMPRESSION_AV1, quality, Effort.avif)
            }
        }
        return encoder == .webp ? WebPContainer.bare(bytes) : bytes
    }

    /// How long encoders may search for a smaller file, measured on 1280×960 photos: WebP's 4 takes twice the time of 2 for 3%,
    /// AVIF's 2 four times that of 0 for nothing.
    private enum Effort {
        static let webp: Int32 = 2
        static let png: Int32 = 6
        static let avif: Int32 = 0
    }

    /// Without anything but pixels: what is not there no encoder can write.
    private func bare() throws(VipsError) -> VipsImage {
        let copy = try VipsImage.made { mr_copy(pointer, $0) }
        for name in metadataNames { vips_image_remove(copy.pointer, name) }
        return copy
    }

    private consuming func opaque() throws(VipsError) -> VipsImage {
        guard hasAlpha else { return self }
        return try .made { mr_flatten_on_white(pointer, $0) }
    }

    private static func written(
        _ save: (UnsafeMutablePointer<UnsafeMutableRawPointer?>, UnsafeMutablePointer<Int>) -> Int32
    ) throws(VipsError) -> [UInt8] {
        var memory: UnsafeMutableRawPointer?
        var length = 0
        guard save(&memory, &length) == 0, let memory else { throw .taken(.other) }
        defer { g_free(memory) }
        return Array(UnsafeRawBufferPointer(start: memory, count: length))
    }
}
