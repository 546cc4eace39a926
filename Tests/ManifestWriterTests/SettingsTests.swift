import Catalog
import Events
import Launch
import Testing

@testable import ManifestWriter

@Suite struct SettingsTests {
    @Test func standards() throws {
        let settings = try Settings(Environment([:]))
        #expect(settings.rules.deadline == .seconds(3600) && settings.rules.optional.isEmpty)
        #expect(settings.sweepInterval == .seconds(5))
    }

    @Test func whatIsSaidIsDone() throws {
        let settings = try Settings(
            Environment(["MILLRACE_STEP_DEADLINE": "90s", "MILLRACE_OPTIONAL_STEPS": "variants, metadata"]))
        #expect(settings.rules.deadline == .seconds(90) && settings.rules.optional == [.variants, .metadata])
    }

    @Test(arguments: [
        ("MILLRACE_STEP_DEADLINE", "soon"), ("MILLRACE_STEP_DEADLINE", "0s"), ("MILLRACE_OPTIONAL_STEPS", "ingest"),
        ("MILLRACE_OPTIONAL_STEPS", "thumbs"), ("MILLRACE_SWEEP_INTERVAL", "-1s"),
    ])
    func refusesNonsense(name: String, value: String) {
        #expect { try Settings(Environment([name: value])) } throws: { "\($0)".hasPrefix("\(name): ") }
    }
}
