import Events
import Vips

/// What the step found.
struct Findings: Sendable {
    let result: MetadataResult
    let warnings: [MediaWarning]
}

/// The picture work of the step, from an original's bytes to its findings. It blocks.
struct Inspection: Sendable {
    let limits: ImageLimits

    func run(_ original: some Collection<UInt8>, loader: ImageLoader) throws(VipsError) -> Findings {
        let file = try ImageFile(original, loader: loader, limits: limits)
        let (exif, warnings) = readExif(file.header.exif)
        return Findings(result: result(file.header, exif, try Hashes(of: file)), warnings: warnings)
    }

    private func result(_ header: ImageHeader, _ exif: ExifResult?, _ hashes: Hashes) -> MetadataResult {
        MetadataResult(
            width: header.displayWidth, height: header.displayHeight, orientation: header.orientation,
            colourSpace: header.colourSpace, hasAlpha: header.hasAlpha, bitDepth: header.bitDepth, frames: header.frames,
            exif: exif, blurhash: hashes.blurhash, thumbhash: hashes.thumbhash, phash: hashes.phash, dhash: hashes.dhash)
    }
}
