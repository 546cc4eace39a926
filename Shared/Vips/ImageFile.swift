internal import CVips

/// An image file in memory whose header was read and found within the limits. Nothing is decoded until it is asked for.
///
/// libvips reads lazily, so the bytes are copied into a block that libvips counts the owners of: they live as long as anything
/// made from them.
package final class ImageFile: Sendable {
    package let loader: ImageLoader
    package let header: ImageHeader
    /// Never written after `init`, and reference-counted by libvips behind a lock: safe to share.
    nonisolated(unsafe) private let blob: UnsafeMutablePointer<VipsBlob>

    /// Reads the header.
    /// - Parameter bytes: the whole file; an array, or a view of a buffer.
    /// - Throws: `.tooManyPixels` by the limits, `.corrupt` when the loader makes nothing of it.
    package init(_ bytes: some Collection<UInt8>, loader: ImageLoader, limits: ImageLimits = ImageLimits()) throws(VipsError) {
        try Vips.requireStarted()
        guard let blob = Self.copy(bytes) else { throw VipsError(.corrupt, "the file is empty") }
        do {
            header = try Self.header(of: blob, loader, limits)
        } catch {
            vips_area_unref(Self.area(blob))
            throw error
        }
        self.blob = blob
        self.loader = loader
    }

    deinit { vips_area_unref(Self.area(blob)) }

    /// The picture as the decoder gives it, reduced by at most `factor` while decoding.
    func open(reducedBy factor: Int) throws(VipsError) -> VipsImage { try Self.open(blob, loader, reducedBy: factor) }

    private static func header(
        of blob: UnsafeMutablePointer<VipsBlob>, _ loader: ImageLoader, _ limits: ImageLimits
    ) throws(VipsError) -> ImageHeader {
        if let size = bytes(of: blob, { DeclaredSize.read($0, loader) }) {
            try limits.check(width: size.width, height: size.height)
        }
        let frames = loader == .gif ? bytes(of: blob, GIFFrames.count) : nil
        let header = try open(blob, loader, reducedBy: 1).header(frames: frames)
        try limits.check(width: header.width, height: header.height, frames: header.frames)
        return header
    }

    private static func bytes<Answer>(
        of blob: UnsafeMutablePointer<VipsBlob>, _ read: (UnsafeRawBufferPointer) -> Answer?
    ) -> Answer? {
        var length = 0
        guard let start = vips_blob_get(blob, &length) else { return nil }
        return read(UnsafeRawBufferPointer(start: start, count: length))
    }

    private static func open(
        _ blob: UnsafeMutablePointer<VipsBlob>, _ loader: ImageLoader, reducedBy factor: Int
    ) throws(VipsError) -> VipsImage {
        guard let source = vips_source_new_from_blob(blob) else { throw .taken(.other) }
        defer { g_object_unref(source) }
        return try loader.open(source, reducedBy: factor)
    }

    private static func copy(_ bytes: some Collection<UInt8>) -> UnsafeMutablePointer<VipsBlob>? {
        let copied = bytes.withContiguousStorageIfAvailable { storage in
            storage.isEmpty ? nil : vips_blob_copy(storage.baseAddress, storage.count)
        }
        return copied ?? (bytes.isEmpty ? nil : copy(Array(bytes)))
    }

    /// What `VIPS_AREA()` does: a blob begins with its area.
    private static func area(_ blob: UnsafeMutablePointer<VipsBlob>) -> UnsafeMutablePointer<VipsArea> {
        UnsafeMutableRawPointer(blob).assumingMemoryBound(to: VipsArea.self)
    }
}
