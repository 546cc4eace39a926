/// Where a film comes from: what the camera wrote into it. Text is at most 200 characters and has no control characters.
package struct Origin: Sendable, Hashable, Codable {
    package let make: String?
    package let model: String?
    package let software: String?
    /// `2026-11-22T20:36:00+02:00`; without offset where the camera wrote none.
    package let createdAt: String?
    package let place: Place?

    init(_ source: borrowing Source) {
        make = Self.first(of: source, ["com.apple.quicktime.make", "com.android.manufacturer", "make"])
        model = Self.first(of: source, ["com.apple.quicktime.model", "com.android.model", "model"])
        software = Self.first(of: source, ["com.apple.quicktime.software", "software"])
        let times = ["com.apple.quicktime.creationdate", "creation_time", "date"]
        createdAt = times.map { source.tag($0) }.lazy.compactMap { $0.flatMap(Self.moment) }.first
        let places = ["com.apple.quicktime.location.ISO6709", "location", "location-eng"]
        place = Self.first(of: source, places).flatMap(Place.init)
    }

    private static func first(of source: borrowing Source, _ names: [String]) -> String? {
        for name in names {
            if let value = source.tag(name) { return value }
        }
        return nil
    }

    /// `2024-05-01T12:00:00.000000Z` and `2024-05-01T14:00:00+0200` in one form; nil for years that clocks show before they are set.
    static func moment(_ text: String) -> String? {
        let form = /(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?/
        guard let match = try? form.wholeMatch(in: text)?.output, let year = Int(match.1), let month = Int(match.2),
            let day = Int(match.3), let hour = Int(match.4), let minute = Int(match.5), let second = Int(match.6),
            (1971...2200).contains(year), (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61
        else { return nil }
        let time = "\(match.1)-\(match.2)-\(match.3)T\(match.4):\(match.5):\(match.6)"
        guard let zone = match.7, zone != "Z" else { return match.7 == nil ? time : time + "+00:00" }
        return time + (zone.contains(":") ? String(zone) : "\(zone.prefix(3)):\(zone.suffix(2))")
    }
}
