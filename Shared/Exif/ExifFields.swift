/// What a camera wrote. A value that is missing, impossible or unreadable is nil; text is trimmed, has no control characters
/// and is at most 200 characters long.
package struct ExifFields: Sendable, Hashable {
    /// Part of the block lies outside of it or makes no sense; what could be read is here all the same.
    package let isDamaged: Bool
    package let make: String?
    package let model: String?
    package let lens: String?
    package let software: String?
    /// Seconds: below one as a fraction (`1/250`), else as a decimal (`2.5`).
    package let exposureTime: String?
    /// The f-number.
    package let aperture: Double?
    package let iso: Int?
    /// Millimetres.
    package let focalLength: Double?
    /// Millimetres on 35 mm film with the same view.
    package let focalLength35mm: Int?
    package let flashFired: Bool?
    /// When the picture was taken: `2026-11-22T20:36:00`, with `+02:00` behind it where the camera wrote its offset.
    package let capturedAt: String?
    package let gps: GPS?

    package struct GPS: Sendable, Hashable {
        /// Degrees, north positive.
        package let latitude: Double
        /// Degrees, east positive.
        package let longitude: Double
        /// Metres above sea level.
        package let altitude: Double?
    }

    init(_ entries: borrowing ExifEntries, isDamaged: Bool) {
        self.isDamaged = isDamaged
        make = entries[.main, 0x010f]?.text
        model = entries[.main, 0x0110]?.text
        lens = entries[.photo, 0xa434]?.text
        software = entries[.main, 0x0131]?.text
        exposureTime = (entries[.photo, 0x829a]?.rationals.first).flatMap(ExposureTime.text)
        aperture = Self.aperture(entries)
        iso = Self.iso(entries)
        focalLength = entries[.photo, 0x920a]?.rationals.first?.value(in: 0.1...10_000)
        focalLength35mm = entries[.photo, 0xa405]?.integer.flatMap { (1...10_000).contains($0) ? $0 : nil }
        flashFired = entries[.photo, 0x9209]?.integer.map { $0 & 1 == 1 }
        capturedAt =
            CaptureTime.text(entries[.photo, 0x9003], offset: entries[.photo, 0x9011])
            ?? CaptureTime.text(entries[.photo, 0x9004], offset: entries[.photo, 0x9012])
        gps = GPS(entries)
    }

    /// FNumber, else ApertureValue, which is twice its binary logarithm.
    private static func aperture(_ entries: borrowing ExifEntries) -> Double? {
        if let number = entries[.photo, 0x829d]?.rationals.first?.value(in: 0.1...1000) { return number }
        return (entries[.photo, 0x9202]?.rationals.first?.value(in: 0...20)).map(FNumber.fromSteps)
    }

    /// PhotographicSensitivity; 65535 means that it does not fit there.
    private static func iso(_ entries: borrowing ExifEntries) -> Int? {
        let short = entries[.photo, 0x8827]?.integer
        let long = entries[.photo, 0x8833]?.integer ?? entries[.photo, 0x8832]?.integer
        let iso = short == 65535 ? long ?? short : short ?? long
        return iso.flatMap { (1...10_000_000).contains($0) ? $0 : nil }
    }
}
