import Launch
import Testing

@testable import UploadGateway

@Suite struct SettingsTests {
    @Test func hasDefaults() throws {
        let settings = try Settings(Environment([:]))
        #expect(settings.maxSize == 5 << 30)
        #expect(settings.multipartThreshold == 16 << 20)
        #expect(settings.urlLifetime == .seconds(3600))
        #expect(settings.corsOrigins == ["*"])
        #expect(settings.accelPrefix == nil)
    }

    @Test func canForbidEveryOrigin() throws {
        #expect(try Settings(Environment(["MILLRACE_CORS_ORIGINS": "none"])).corsOrigins.isEmpty)
    }

    @Test(arguments: [
        ("MILLRACE_MAX_UPLOAD_BYTES", "0"), ("MILLRACE_MULTIPART_THRESHOLD", "x"), ("MILLRACE_PART_BYTES", "5242879"),
        ("MILLRACE_UPLOAD_URL_LIFETIME", "8d"), ("MILLRACE_UPLOAD_DEADLINE", "soon"), ("MILLRACE_ACCEL", "store"),
        ("MILLRACE_ACCEL", "/store/"), ("MILLRACE_ACCEL", "/a b"),
    ])
    func refuses(name: String, value: String) {
        #expect(throws: SettingsError.self) { try Settings(Environment([name: value])) }
    }
}
