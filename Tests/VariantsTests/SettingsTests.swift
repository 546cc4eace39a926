import ImageSteps
import Launch
import Testing

@testable import Variants
@testable import Vips

@Suite struct SettingsTests {
    @Test func defaults() throws {
        let settings = try Settings(Environment([:]))
        #expect(settings.sizes == [1280, 320])
        #expect(settings.formats == [.webp, .jpeg])
        #expect(settings.images.threads >= 1)
        #expect(settings.maxAge == .seconds(604_800))
    }

    @Test(arguments: [
        ("MILLRACE_THUMBNAIL_SIZES", "320,abc", #"MILLRACE_THUMBNAIL_SIZES: "abc" is not a whole number from 1 to 8192"#),
        ("MILLRACE_THUMBNAIL_SIZES", "0", #"MILLRACE_THUMBNAIL_SIZES: "0" is not a whole number from 1 to 8192"#),
        ("MILLRACE_THUMBNAIL_SIZES", ",", "MILLRACE_THUMBNAIL_SIZES: must have 1 to 16 sizes"),
        ("MILLRACE_THUMBNAIL_FORMATS", "webp,tiff", #"MILLRACE_THUMBNAIL_FORMATS: "tiff" is not one of webp, jpeg, png, avif"#),
        ("MILLRACE_IMAGE_THREADS", "0", #"MILLRACE_IMAGE_THREADS: "0" is not a whole number from 1 to 256"#),
    ])
    func mistakesAreOneClearLine(_ name: String, _ value: String, _ line: String) {
        let error = #expect(throws: SettingsError.self) { try Settings(Environment([name: value])) }
        #expect(error?.description == line)
    }
}
