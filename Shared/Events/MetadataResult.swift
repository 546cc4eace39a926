/// What the metadata step knows of a media. Widths and heights are as displayed, with the orientation (and a film's pixel aspect)
/// applied. A sound without a cover has no picture: then all that is about one is absent.
package struct MetadataResult: Codable, Hashable, Sendable {
    package var width: Int?
    package var height: Int?
    /// EXIF orientation 1…8 of the stored pixels (1: as they are).
    package var orientation: Int?
    /// `srgb`, `p3`, `cmyk`, `gray`, …: the name of the embedded profile where it is known, else of the pixels' own space; of a
    /// film its primaries (`bt709`, `bt2020`), absent where it does not say.
    package var colourSpace: String?
    package var hasAlpha: Bool?
    /// Bits per channel.
    package var bitDepth: Int?
    /// Frames of an animation; 1 for a still; absent for films.
    package var frames: Int?
    package var exif: ExifResult?
    /// For films and sounds.
    package var streams: StreamsResult?
    /// Of a film: from a frame that is typical of it; of a sound: from its cover.
    package var blurhash: String?
    /// Base64 of the ThumbHash bytes.
    package var thumbhash: String?
    /// 16 lowercase hex digits, bit-compatible with Python's `imagehash.phash`.
    package var phash: String?
    /// 16 lowercase hex digits, bit-compatible with Python's `imagehash.dhash`.
    package var dhash: String?

    /// Of a picture.
    package init(
        width: Int, height: Int, orientation: Int, colourSpace: String, hasAlpha: Bool, bitDepth: Int, frames: Int,
        exif: ExifResult?, blurhash: String, thumbhash: String, phash: String, dhash: String
    ) {
        self.width = width
        self.height = height
        self.orientation = orientation
        self.colourSpace = colourSpace
        self.hasAlpha = hasAlpha
        self.bitDepth = bitDepth
        self.frames = frames
        self.exif = exif
        self.blurhash = blurhash
        self.thumbhash = thumbhash
        self.phash = phash
        self.dhash = dhash
    }

    /// Of a film or a sound; the rest is set where there is a picture.
    package init(streams: StreamsResult, exif: ExifResult?) {
        self.streams = streams
        self.exif = exif
    }
}

/// What the camera, or the telephone, wrote. Every field is optional; text is trimmed, valid UTF-8 and at most 200 characters.
package struct ExifResult: Codable, Hashable, Sendable {
    package var make: String?
    package var model: String?
    package var lens: String?
    package var software: String?
    /// Seconds, as a fraction of the form `1/250` below one second, else a decimal.
    package var exposureTime: String?
    /// The f-number, for example 1.8.
    package var aperture: Double?
    package var iso: Int?
    /// Millimetres.
    package var focalLength: Double?
    package var focalLength35mm: Int?
    package var flashFired: Bool?
    /// Local capture time as `2026-11-22T20:36:00`, with `+02:00` behind it where the camera wrote its offset.
    package var capturedAt: String?
    package var gps: GPS?

    package struct GPS: Codable, Hashable, Sendable {
        /// Degrees, north positive, WGS 84.
        package var latitude: Double
        /// Degrees, east positive.
        package var longitude: Double
        /// Metres above sea level.
        package var altitude: Double?

        package init(latitude: Double, longitude: Double, altitude: Double? = nil) {
            self.latitude = latitude
            self.longitude = longitude
            self.altitude = altitude
        }
    }

    package init() {}
}
