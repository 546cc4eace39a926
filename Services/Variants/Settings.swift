import ImageSteps
import Launch
import Vips

/// What the environment says of this service.
struct Settings: Sendable {
    var images: ImageSettings
    /// The boxes that thumbnails fit into: the longer side in pixels, largest first.
    var sizes: [Int]
    var formats: [ImageEncoder]
    /// How many `/img` requests may wait for a thread; more are answered with 503.
    var maxWaiting: Int
    /// How long caches may keep an answer of `/img`.
    var maxAge: Duration

    /// Reads what `ImageSettings` reads, `MILLRACE_THUMBNAIL_SIZES`, `MILLRACE_THUMBNAIL_FORMATS`, `MILLRACE_IMAGE_MAX_WAITING`
    /// and `MILLRACE_IMAGE_MAX_AGE`.
    init(_ environment: Environment) throws(SettingsError) {
        images = try ImageSettings(environment)
        sizes = try Self.sizes(environment)
        formats = try Self.formats(environment)
        maxWaiting = try environment.int("MILLRACE_IMAGE_MAX_WAITING", default: 64, in: 0...100_000)
        maxAge = try environment.duration("MILLRACE_IMAGE_MAX_AGE", default: .seconds(7 * 86_400))
    }

    private static func sizes(_ environment: Environment) throws(SettingsError) -> [Int] {
        let name = "MILLRACE_THUMBNAIL_SIZES"
        var sizes: Set<Int> = []
        for text in try environment.list(name, default: ["320", "1280"]) {
            guard let size = Int(text), (1...8192).contains(size) else {
                throw SettingsError(name, value: text, isNot: "a whole number from 1 to 8192")
            }
            sizes.insert(size)
        }
        guard (1...16).contains(sizes.count) else { throw SettingsError(name, "must have 1 to 16 sizes") }
        return sizes.sorted(by: >)
    }

    private static func formats(_ environment: Environment) throws(SettingsError) -> [ImageEncoder] {
        let name = "MILLRACE_THUMBNAIL_FORMATS"
        var formats: [ImageEncoder] = []
        for text in try environment.list(name, default: ["webp", "jpeg"]) {
            guard let format = ImageEncoder(rawValue: text) else {
                throw SettingsError(name, value: text, isNot: "one of webp, jpeg, png, avif")
            }
            if !formats.contains(format) { formats.append(format) }
        }
        guard !formats.isEmpty else { throw SettingsError(name, "must name at least one format") }
        return formats
    }
}
