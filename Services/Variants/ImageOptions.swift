import HTTPServer
import HTTPTypes
import Hummingbird
import Vips

/// What a request for an image asks for: `w` and `h` in pixels, `q` from 1 to 100, `f` a format.
struct ImageOptions: Sendable, Hashable {
    static let maxSide = 4096

    /// What the picture must fit into; it is never enlarged.
    let width: Int
    let height: Int
    let quality: Int
    let format: ImageEncoder
    /// Whether the format was left to the `Accept` header.
    let isNegotiated: Bool

    var box: Box { Box(width: width, height: height) }

    /// - Throws: 400 for a parameter that is unknown, twice there or out of range: a typing error must not fill caches.
    init(_ request: Request) throws(Problem) {
        var values: [String: String] = [:]
        for item in try QueryParameters(request).items {
            guard ["w", "h", "q", "f"].contains(item.name) else {
                throw .badParameter(item.name, "There is no such parameter; there are w, h, q and f.")
            }
            guard values.updateValue(item.value, forKey: item.name) == nil else {
                throw .badParameter(item.name, "\(item.name) is there twice.")
            }
        }
        width = try Self.number("w", values, 1...Self.maxSide) ?? Self.maxSide
        height = try Self.number("h", values, 1...Self.maxSide) ?? Self.maxSide
        let format = try Self.format(values["f"])
        isNegotiated = format == nil
        self.format = format ?? Self.accepted(by: request)
        quality = try Self.number("q", values, 1...100) ?? Recipe.quality(of: self.format)
    }

    /// 32 hex digits: the same original and options give the same bytes.
    func hash(etag: String) -> String {
        // A lossless format looks the same in every quality.
        let quality = format == .png ? 0 : quality
        return Recipe.hash(["img", etag, "\(width)x\(height)", "\(quality)", format.rawValue], digits: 32)
    }

    private static func number(
        _ name: String, _ values: [String: String], _ range: ClosedRange<Int>
    ) throws(Problem) -> Int? {
        guard let text = values[name] else { return nil }
        guard text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(text), range.contains(number) else {
            throw .badParameter(name, "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    /// Nil for `auto`.
    private static func format(_ text: String?) throws(Problem) -> ImageEncoder? {
        guard let text, text != "auto" else { return nil }
        guard let format = ImageEncoder(rawValue: text) else {
            throw .badParameter("f", "f must be webp, jpeg, png, avif or auto.")
        }
        return format
    }

    private static func accepted(by request: Request) -> ImageEncoder {
        let ranges = (request.headers[.accept] ?? "").lowercased().split(separator: ",")
        let webp = ranges.first { $0.split(separator: ";").first.map { $0.filter { $0 != " " } } == "image/webp" }
        let isRefused = webp?.filter { $0 != " " }.hasSuffix(";q=0") ?? true
        return isRefused ? .jpeg : .webp
    }
}

extension Problem {
    static func badParameter(_ name: String, _ detail: String) -> Problem {
        Problem(.badRequest, code: "invalidParameter", detail: detail, extra: ["parameter": String(name.prefix(40))])
    }
}
