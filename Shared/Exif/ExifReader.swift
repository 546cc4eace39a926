/// Reads what a camera wrote into an image file.
///
/// Source: CIPA DC-008-2023 (Exif 3.0).
package enum ExifReader {
    /// The largest block that is looked at, in bytes. JPEG cannot carry one of more than 64 KiB.
    package static let maxSize = 1 << 20

    /// - Parameter block: a TIFF structure in either byte order, with or without `Exif\0\0` before it.
    /// - Throws: `.tooLarge` above `maxSize`; `.broken` when it is no TIFF structure, so that nothing can be read.
    package static func read(_ block: [UInt8]) throws(ExifError) -> ExifFields {
        guard block.count <= maxSize else { throw ExifError(.tooLarge, "an EXIF block of \(block.count) bytes") }
        let tiff = block.starts(with: marker) ? block.dropFirst(marker.count) : block[...]
        guard let structure = TIFFStructure(tiff) else { throw ExifError(.broken, "not an EXIF block") }
        guard let entries = ExifEntries(marker + tiff) else { throw ExifError(.broken, "libexif cannot read the block") }
        return ExifFields(entries, isDamaged: structure.isDamaged)
    }

    private static let marker: [UInt8] = Array("Exif".utf8) + [0, 0]
}

package struct ExifError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable, Hashable { case tooLarge, broken }

    package let code: Code
    package let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
