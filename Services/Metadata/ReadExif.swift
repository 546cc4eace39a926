import Events
import Exif

/// What the camera wrote, or nil when it wrote nothing that we know. A broken block is a warning, never a failure.
func readExif(_ block: [UInt8]?) -> (exif: ExifResult?, warnings: [MediaWarning]) {
    guard let block else { return (nil, []) }
    do {
        let fields = try ExifReader.read(block)
        let exif = ExifResult(fields)
        let warnings = fields.isDamaged ? [brokenExif("Part of the EXIF block is damaged.")] : []
        return (exif == ExifResult() ? nil : exif, warnings)
    } catch {
        return (nil, [brokenExif("The EXIF block cannot be read.")])
    }
}

private func brokenExif(_ message: String) -> MediaWarning { MediaWarning("brokenExif", message, step: .metadata) }

extension ExifResult {
    fileprivate init(_ fields: ExifFields) {
        self.init()
        make = fields.make
        model = fields.model
        lens = fields.lens
        software = fields.software
        exposureTime = fields.exposureTime
        aperture = fields.aperture
        iso = fields.iso
        focalLength = fields.focalLength
        focalLength35mm = fields.focalLength35mm
        flashFired = fields.flashFired
        capturedAt = fields.capturedAt
        gps = fields.gps.map { GPS(latitude: $0.latitude, longitude: $0.longitude, altitude: $0.altitude) }
    }
}
