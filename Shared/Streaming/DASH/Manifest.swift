/// What an MPD names, as far as it is to be checked. Source: ISO/IEC 23009-1, 5.3.
struct Manifest: Sendable {
    struct Representation: Sendable, Hashable {
        let id: String
        /// `video`, `audio` or `text`.
        let content: String
        let codecs: String?
        let language: String?
        let size: [Int]
        let bandwidth: Int?
        let initialization: String?
        /// The URIs of its media segments; of a text, of the whole.
        let media: [String]
        /// Of its SegmentTimeline, in seconds.
        let duration: Double?
    }

    /// In seconds.
    let duration: Double?
    let isStatic: Bool
    let representations: [Representation]

    init(_ bytes: [UInt8]) throws(FormatError) {
        let root = try XMLReader.root(of: bytes)
        guard root.name == "MPD" else { throw FormatError(.malformed, "no MPD") }
        guard root.all("Period").count == 1 else { throw FormatError(.unsupported, "not exactly one Period") }
        duration = root["mediaPresentationDuration"].flatMap(Self.seconds)
        isStatic = root["type"] ?? "static" == "static"
        var (found, segments) = ([Representation](), 0)
        for set in root.all("Period").flatMap({ $0.all("AdaptationSet") }) {
            for element in set.all("Representation") {
                let representation = try Representation(element, in: set)
                segments += representation.media.count
                guard segments <= 200_000 else { throw FormatError(.tooLarge, "too many segments in an MPD") }
                found.append(representation)
            }
        }
        representations = found
    }

    /// From `PT1H2M3.5S`.
    private static func seconds(_ text: String) -> Double? {
        guard text.hasPrefix("PT") else { return nil }
        var (seconds, rest) = (0.0, text.dropFirst(2))
        for (unit, factor) in [("H", 3600.0), ("M", 60), ("S", 1)] {
            guard let end = rest.firstIndex(of: Character(unit)) else { continue }
            guard let value = Double(rest[..<end]), value.isFinite, value >= 0 else { return nil }
            seconds += value * factor
            rest = rest[rest.index(after: end)...]
        }
        return rest.isEmpty ? seconds : nil
    }
}

extension Manifest.Representation {
    fileprivate init(_ element: XMLElement, in set: XMLElement) throws(FormatError) {
        id = element["id"] ?? ""
        content = set["contentType"] ?? String((set["mimeType"] ?? element["mimeType"] ?? "").prefix { $0 != "/" })
        codecs = element["codecs"] ?? set["codecs"]
        language = set["lang"]
        size = ["width", "height"].compactMap { (element[$0] ?? set[$0]).flatMap { Int($0) } }
        bandwidth = element["bandwidth"].flatMap { Int($0) }
        guard let template = (element.all("SegmentTemplate") + set.all("SegmentTemplate")).first else {
            (initialization, duration) = (nil, nil)
            media = element.all("BaseURL").map(\.text)
            return
        }
        let timeline = try Timeline(template)
        let names = try Template(template["media"] ?? "", id: element["id"] ?? "")
        let first = try template["initialization"].map { text throws(FormatError) in try Template(text, id: element["id"] ?? "") }
        initialization = first?.uri(number: 0, time: 0)
        media = timeline.times.enumerated().map { names.uri(number: timeline.firstNumber + $0, time: $1) }
        duration = timeline.duration
    }
}

/// A SegmentTimeline without its abbreviations. Source: ISO/IEC 23009-1, 5.3.9.6.
private struct Timeline {
    let firstNumber: Int
    private(set) var times: [Int] = []
    let duration: Double

    private static let maxCount = 100_000

    init(_ template: XMLElement) throws(FormatError) {
        firstNumber = min(1 << 31, template["startNumber"].flatMap { Int($0) } ?? 1)
        let timescale = template["timescale"].flatMap { Int($0) } ?? 1
        var (time, total, count) = (0, 0, 0)
        for element in template.all("SegmentTimeline").flatMap({ $0.all("S") }) {
            let (start, length) = (element["t"].flatMap { Int($0) }, element["d"].flatMap { Int($0) })
            let repeats = element["r"].flatMap { Int($0) } ?? 0
            guard let length, (0...1 << 40).contains(length), (0...1 << 58).contains(start ?? time), timescale > 0, repeats >= 0
            else { throw FormatError(.malformed, "S of a SegmentTimeline") }
            guard repeats < Self.maxCount - times.count else { throw FormatError(.tooLarge, "a SegmentTimeline") }
            (time, count) = (start ?? time, repeats + 1)
            times += (0..<count).map { time + $0 * length }
            (time, total) = (time + count * length, total + count * length)
        }
        duration = Double(total) / Double(timescale)
    }
}

/// `v720/$Number%05d$.m4s`. Source: ISO/IEC 23009-1, 5.3.9.4.4.
private struct Template {
    private let parts: [String]
    private let id: String

    /// Longer ones would become gigabytes, written for every segment.
    private static let maxLength = 300

    init(_ text: String, id: String) throws(FormatError) {
        guard text.utf8.count <= Self.maxLength, id.utf8.count <= Self.maxLength else {
            throw FormatError(.tooLarge, "a template of more than \(Self.maxLength) bytes")
        }
        parts = text.split(separator: "$", omittingEmptySubsequences: false).map(String.init)
        self.id = id
    }

    /// Every second part stood between two `$`.
    func uri(number: Int, time: Int) -> String {
        parts.enumerated().map { index, part in index % 2 == 0 ? part : value(of: part, number: number, time: time) }.joined()
    }

    private func value(of identifier: String, number: Int, time: Int) -> String {
        let fields = identifier.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        let width = fields.count == 2 ? Int(fields[1].dropLast()) ?? 1 : 1
        switch fields.first {
        case "": return "$"
        case "RepresentationID": return id
        case "Number": return Self.padded(number, width)
        case "Time": return Self.padded(time, width)
        default: return ""
        }
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, min(width, 32) - digits.count)) + digits
    }
}
