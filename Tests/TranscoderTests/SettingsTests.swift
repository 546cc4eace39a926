import AV
import Launch
import Testing

@testable import Transcoder

@Suite struct SettingsTests {
    @Test func defaults() throws {
        let settings = try Settings(Environment([:]))
        #expect(settings.ladder.sides == [1080, 720, 432, 234] && settings.ladder.encoders == [.x264])
        #expect(settings.earlyFrom == 30 && settings.wantsGraphics)
    }

    @Test func rungsAndCodecsAreChosen() throws {
        let settings = try Settings(
            Environment(["MILLRACE_VIDEO_RUNGS": "360,1440,360", "MILLRACE_VIDEO_CODECS": "av1,h264,av1"]))
        #expect(settings.ladder.sides == [1440, 360] && settings.ladder.encoders == [.svtAV1, .x264])
    }

    @Test(arguments: [
        ("MILLRACE_VIDEO_RUNGS", "720p", #"MILLRACE_VIDEO_RUNGS: "720p" is not a whole number from 16 to 2160"#),
        ("MILLRACE_VIDEO_RUNGS", "8640", #"MILLRACE_VIDEO_RUNGS: "8640" is not a whole number from 16 to 2160"#),
        ("MILLRACE_VIDEO_RUNGS", ",", "MILLRACE_VIDEO_RUNGS: must have 1 to 12 rungs"),
        ("MILLRACE_VIDEO_CODECS", "vp9", #"MILLRACE_VIDEO_CODECS: "vp9" is not one of h264, hevc, av1"#),
        ("MILLRACE_VIDEO_CODECS", ",", "MILLRACE_VIDEO_CODECS: must name at least one codec"),
        (
            "MILLRACE_TRANSCODE_MEMORY", "1",
            #"MILLRACE_TRANSCODE_MEMORY: "1" is not a whole number from 268435456 to 1125899906842624"#
        ),
    ])
    func mistakesAreOneClearLine(_ name: String, _ value: String, _ line: String) {
        let error = #expect(throws: SettingsError.self) { try Settings(Environment([name: value])) }
        #expect(error?.description == line)
    }
}
