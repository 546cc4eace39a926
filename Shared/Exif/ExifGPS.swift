extension ExifFields.GPS {
    /// Nil unless both coordinates come with their hemispheres and lie on the globe.
    init?(_ entries: borrowing ExifEntries) {
        let latitude = Self.degrees(entries[.gps, 2], entries[.gps, 1], positive: "N", negative: "S", limit: 90)
        let longitude = Self.degrees(entries[.gps, 4], entries[.gps, 3], positive: "E", negative: "W", limit: 180)
        guard let latitude, let longitude else { return nil }
        self.latitude = latitude
        self.longitude = longitude
        altitude = Self.altitude(entries[.gps, 6], reference: entries[.gps, 5])
    }

    /// Degrees, minutes and seconds in one signed number; a microdegree is a tenth of a metre.
    private static func degrees(
        _ value: ExifValue?, _ hemisphere: ExifValue?, positive: String, negative: String, limit: Double
    ) -> Double? {
        guard let parts = value?.rationals, parts.count == 3, let letter = hemisphere?.text?.uppercased(),
            letter == positive || letter == negative, let degrees = parts[0].value(in: 0...limit),
            let minutes = parts[1].value(in: 0...60), let seconds = parts[2].value(in: 0...60)
        else { return nil }
        let sum = degrees + minutes / 60 + seconds / 3600
        guard sum <= limit else { return nil }
        return (letter == positive ? 1 : -1) * (sum * 1e7).rounded() / 1e7
    }

    /// Reference 1 is below the sea, 0 or none above it (2 and 3: the same over the ellipsoid).
    private static func altitude(_ value: ExifValue?, reference: ExifValue?) -> Double? {
        guard let metres = value?.rationals.first?.value(in: 0...100_000) else { return nil }
        let isBelow = [1, 3].contains(reference?.integer ?? 0)
        return isBelow ? -metres : metres
    }
}
