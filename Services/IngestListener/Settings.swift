import Events
import Launch
import Recovery

/// What ingest-listener can be told by its environment.
struct Settings: Sendable {
    /// Formats that may come in, from `MILLRACE_ALLOWED_FORMATS` (comma-separated; all that are known by default).
    let allowedFormats: [MediaFormat]

    /// `MILLRACE_RECONCILE_INTERVAL` (1h): from one walk through the store to the next; nil when it is 0 and there are none.
    let reconcileInterval: Duration?
    /// `MILLRACE_RECONCILE_AGE` (1m): younger originals are left alone. `MILLRACE_STEP_DEADLINE` (1h): as for manifest-writer.
    let recoveryRules: RecoveryRules
    let events: EventSettings

    init(_ environment: Environment) throws(SettingsError) {
        let interval = try environment.duration("MILLRACE_RECONCILE_INTERVAL", default: .seconds(3600))
        reconcileInterval = interval == .zero ? nil : interval
        var rules = RecoveryRules()
        rules.minimumAge = try environment.duration("MILLRACE_RECONCILE_AGE", default: rules.minimumAge)
        rules.stepDeadline = try environment.duration("MILLRACE_STEP_DEADLINE", default: rules.stepDeadline)
        recoveryRules = rules
        events = try EventSettings(environment)
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
