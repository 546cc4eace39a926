import Events
import Launch
import Testing

@testable import IngestListener

@Suite struct SettingsTests {
    @Test func everyKnownFormatIsAllowedUnlessSaidOtherwise() throws {
        #expect(try Settings(Environment([:])).allowedFormats == MediaFormat.allCases)
        #expect(try Settings(Environment(["MILLRACE_ALLOWED_FORMATS": "jpeg, webp"])).allowedFormats == [.jpeg, .webp])
        #expect(throws: SettingsError.self) { try Settings(Environment(["MILLRACE_ALLOWED_FORMATS": "jpeg,exe"])) }
    }
}
