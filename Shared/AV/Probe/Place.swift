/// A point on the globe.
package struct Place: Sendable, Hashable, Codable {
    /// Degrees, north positive.
    package let latitude: Double
    /// Degrees, east positive.
    package let longitude: Double
    /// Metres above sea level.
    package let altitude: Double?

    /// Reads `+48.8577+002.2950+035.000/`, also with minutes, or minutes and seconds, written behind the degrees.
    /// Source: ISO 6709:2008, annex H.
    init?(_ text: String) {
        let form = #/([+-]\d+(?:\.\d+)?)([+-]\d+(?:\.\d+)?)([+-]\d+(?:\.\d+)?)?(?:CRS\w*)?/?/#
        guard let match = try? form.wholeMatch(in: text)?.output,
            let latitude = Self.degrees(match.1, wholeDigits: 2, limit: 90),
            let longitude = Self.degrees(match.2, wholeDigits: 3, limit: 180)
        else { return nil }
        self.latitude = latitude
        self.longitude = longitude
        altitude = match.3.flatMap { Double($0) }.flatMap { abs($0) <= 100_000 ? $0 : nil }
    }

    /// - Parameter wholeDigits: of the degrees; two more are minutes, two further ones seconds.
    private static func degrees(_ text: Substring, wholeDigits: Int, limit: Double) -> Double? {
        guard let value = Double(text.dropFirst()) else { return nil }
        let digits = text.dropFirst().prefix { $0 != "." }.count
        let degrees: Double
        switch digits - wholeDigits {
        case ...0: degrees = value
        case 2: degrees = (value / 100).rounded(.down) + value.truncatingRemainder(dividingBy: 100) / 60
        case 4:
            let minutes = (value / 100).rounded(.down).truncatingRemainder(dividingBy: 100)
            degrees = (value / 10000).rounded(.down) + minutes / 60 + value.truncatingRemainder(dividingBy: 100) / 3600
        default: return nil
        }
        guard degrees <= limit else { return nil }
        return (text.hasPrefix("-") ? -1 : 1) * (degrees * 1e7).rounded() / 1e7
    }
}
