import Testing

@testable import Streaming

/// A stream that is encoded against a rule, and the rules that it breaks.
struct EncodedCase: Sendable, CustomTestStringConvertible {
    let name: String
    let rules: Set<String>
    let build: @Sendable (TestStream) throws -> Void
    var change: @Sendable (TestStream) throws -> Void = { _ in }

    init(_ name: String, breaks rules: String..., build: @escaping @Sendable (TestStream) throws -> Void) {
        (self.name, self.rules, self.build) = (name, Set(rules), build)
    }

    var testDescription: String { name }

    private static let small = FFmpeg.Video(size: "160x90", seconds: "13")

    static let all = [
        EncodedCase("nothing wrong") { try $0.addVideo("v90", small) },
        EncodedCase("sound alone") { try $0.addSound("a-en", language: "en", name: "English") },
        EncodedCase("three letters for a language that has two", breaks: "language") {
            try $0.addSound("a-de", language: "deu", name: "Deutsch")
        },
        EncodedCase("a dense I-frame rendition beside one IDR every 2 s") { stream in
            var (video, frames) = (small, small)
            video.keyFrames = 60
            frames.keyFrames = 1
            frames.rate = "1"
            try stream.addVideo("v90", video)
            try stream.addVideo("scrub", frames, isTrickPlay: true)
        },
        EncodedCase("segments of 4 s", breaks: "segment-length") { try $0.addVideo("v90", small, every: 4) },
        EncodedCase("sound that ends early", breaks: "same-duration") { stream in
            try stream.addVideo("v90", small)
            try stream.addSound("a-en", FFmpeg.Sound(seconds: "12.5"), language: "en", name: "English")
        },
        EncodedCase("changing intervals", breaks: "constant-frame-rate") { stream in
            var video = small
            video.filter = "select='not(eq(mod(n,10),5))'"
            video.options += ["-vsync", "vfr", "-force_key_frames", "expr:gte(t,n_forced*1)"]
            video.keyFrames = 100
            try stream.addVideo("v90", video)
        },
        EncodedCase("an IDR every 3 s", breaks: "idr-interval", "iframe-interval") { stream in
            var video = small
            video.keyFrames = 90
            try stream.addVideo("v90", video)
        },
        EncodedCase("an I-frame every 2 s", breaks: "iframe-interval") { stream in
            var video = small
            video.keyFrames = 60
            try stream.addVideo("v90", video)
        },
        EncodedCase("open groups of pictures", breaks: "closed-gops", "first-frame-idr", "idr-interval", "segment-length") {
            stream in
            var video = small
            video.parameters = "scenecut=0:open-gop=1:bframes=3"
            try stream.addVideo("v90", video)
        },
        EncodedCase("120 frames a second", breaks: "frame-rate-limit") { stream in
            var video = small
            (video.rate, video.keyFrames) = ("120", 120)
            try stream.addVideo("v90", video)
        },
        EncodedCase("4:4:4", breaks: "avc-profile") { stream in
            var video = small
            video.options = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv444p"]
            try stream.addVideo("v90", video)
        },
        EncodedCase("fields", breaks: "progressive") { stream in
            var video = small
            // Its height must be a multiple of 4.
            video.size = "160x96"
            video.options += ["-flags", "+ildct+ilme"]
            try stream.addVideo("v90", video)
        },
        EncodedCase("nothing but 5.1", breaks: "stereo-aac") { stream in
            try stream.addSound("a-en", FFmpeg.Sound(channels: 6), language: "en", name: "English", group: "surround")
        },
    ]
}
