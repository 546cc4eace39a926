import Catalog
import Events
import Launch

/// What manifest-writer can be told by its environment.
struct Settings: Sendable {
    /// `MILLRACE_STEP_DEADLINE` (1h): how long a media may go without news before it fails.
    /// `MILLRACE_OPTIONAL_STEPS` (none): steps whose failure is only a warning, comma-separated.
    let rules: StepRules
    /// `MILLRACE_SWEEP_INTERVAL` (5s): how often deadlines are looked at.
    let sweepInterval: Duration

    init(_ environment: Environment) throws(SettingsError) {
        let range = Duration.milliseconds(10) ... .seconds(365 * 86_400)
        var rules = StepRules()
        rules.deadline = try environment.duration("MILLRACE_STEP_DEADLINE", default: .seconds(3600), in: range)
        rules.optional = Set(try environment.list("MILLRACE_OPTIONAL_STEPS", default: []).map(Self.step))
        self.rules = rules
        sweepInterval = try environment.duration("MILLRACE_SWEEP_INTERVAL", default: .seconds(5), in: range)
    }

    private static func step(_ text: String) throws(SettingsError) -> Step {
        guard let step = Step(rawValue: text), step != .ingest else {
            throw SettingsError("MILLRACE_OPTIONAL_STEPS", value: text, isNot: "one of metadata, variants, transcode")
        }
        return step
    }
}
