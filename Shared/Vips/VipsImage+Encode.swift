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
        switch encoder {
        case .webp: return try written { mr_webpsave(pointer, $0, $1, quality, Effort.webp) }
        case .jpeg: return try jpeg(quality)
        case .png: return try written { mr_pngsave(pointer, $0, $1, Effort.png) }
        case .avif:
            return try written { mr_heifsave(pointer, $0, $1, VIPS_FOREIGN_HEIF_COMPRESSION_AV1, quality, Effort.avif) }
        }
    }

    /// How long encoders may search for a smaller file, as measured.
    private enum Effort {
        static let webp: Int32 = 2
        static let png: Int32 = 6
        static let avif: Int32 = 2
    }

    private func jpeg(_ quality: Int32) throws(VipsError) -> [UInt8] {
        guard hasAlpha else { return try written { mr_jpegsave(pointer, $0, $1, quality, 1) } }
        let opaque = try VipsImage.made { mr_flatten_on_white(pointer, $0) }
        return try opaque.written { mr_jpegsave(opaque.pointer, $0, $1, quality, 1) }
    }

    private func written(
        _ save: (UnsafeMutablePointer<UnsafeMutableRawPointer?>, UnsafeMutablePointer<Int>) -> Int32
    ) throws(VipsError) -> [UInt8] {
        var memory: UnsafeMutableRawPointer?
        var length = 0
        guard save(&memory, &length) == 0, let memory else { throw .taken(.other) }
        defer { g_free(memory) }
        return Array(UnsafeRawBufferPointer(start: memory, count: length))
    }
}
