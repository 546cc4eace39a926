internal import CVips

/// The decoders we use; which one is decided by the caller's own magic-byte table, never by libvips.
package enum ImageLoader: String, Sendable, Hashable, CaseIterable {
    case jpeg, png, webp, gif, avif, heic

    /// Opens `source`, reduced by at least nothing and at most `factor` while it is decoded, where the format can.
    func open(_ source: UnsafeMutablePointer<VipsSource>, reducedBy factor: Int = 1) throws(VipsError) -> VipsImage {
        try VipsImage.made(failure: .corrupt) { out in
            switch self {
            case .jpeg: mr_jpegload(source, Int32(Self.jpegShrink(factor)), out)
            case .png: mr_pngload(source, out)
            case .webp: mr_webpload(source, 1 / Double(factor), out)
            case .gif: mr_gifload(source, out)
            case .avif, .heic: mr_heifload(source, out)
            }
        }
    }

    /// The largest scale of libjpeg's that does not go beyond `factor`.
    private static func jpegShrink(_ factor: Int) -> Int { [8, 4, 2].first { $0 <= factor } ?? 1 }
}
