import Events
import Launch

/// What ingest-listener can be told by its environment.
struct Settings: Sendable {
    /// Formats that may come in, from `MILLRACE_ALLOWED_FORMATS` (comma-separated; all that are known by default).
    let allowedFormats: [MediaFormat]

    init(_ environment: Environment) throws(SettingsError) {
        let name = "MILLRACE_ALLOWED_FORMATS"
        let known = MediaFormat.allCases.map(\.rawValue)
        allowedFormats = try environment.list(name, default: known).map { text throws(SettingsError) in
            guard let format = MediaFormat(rawValue: text) else {
                throw SettingsError(name, value: text, isNot: "one of \(known.joined(separator: ", "))")
            }
            return format
        }
    }
}
