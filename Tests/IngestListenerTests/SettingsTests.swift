import Events
import Launch
import Recovery
import Testing

@testable import IngestListener

@Suite struct SettingsTests {
    @Test func everyKnownFormatIsAllowedUnlessSaidOtherwise() throws {
        #expect(try Settings(Environment([:])).allowedFormats == MediaFormat.allCases)
        #expect(try Settings(Environment(["MILLRACE_ALLOWED_FORMATS": "jpeg, webp"])).allowedFormats == [.jpeg, .webp])
        #expect(throws: SettingsError.self) { try Settings(Environment(["MILLRACE_ALLOWED_FORMATS": "jpeg,exe"])) }
    }

    @Test func theReconcilerWalksEveryHourOrNever() throws {
        let standard = try Settings(Environment([:]))
        #expect(standard.reconcileInterval == .seconds(3600) && standard.recoveryRules.minimumAge == .seconds(60))
        #expect(standard.recoveryRules.stepDeadline == .seconds(3600))
        #expect(try Settings(Environment(["MILLRACE_RECONCILE_INTERVAL": "0s"])).reconcileInterval == nil)
        let other = try Settings(
            Environment([
                "MILLRACE_RECONCILE_INTERVAL": "5m", "MILLRACE_RECONCILE_AGE": "1s", "MILLRACE_STEP_DEADLINE": "2h",
            ]))
        #expect(other.reconcileInterval == .seconds(300) && other.recoveryRules.minimumAge == .seconds(1))
        #expect(other.recoveryRules.stepDeadline == .seconds(7200))
        #expect(throws: SettingsError.self) { try Settings(Environment(["MILLRACE_RECONCILE_INTERVAL": "often"])) }
    }
}
