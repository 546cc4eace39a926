import TestSupport
import Testing

@testable import Streaming

@Suite struct WriterTests {
    /// Each state is a stream that keeps every rule: what is published early is as good as what comes last.
    @Test func theMasterGrowsWithTheRungs() throws {
        let whole = try TestStream()
        let presentation = whole.presentation
        let steps = [
            Presentation(videos: Array(presentation.videos.suffix(1))),
            Presentation(videos: Array(presentation.videos.suffix(1)), sounds: presentation.sounds),
            Presentation(videos: presentation.videos, sounds: presentation.sounds),
            presentation,
        ]
        for (index, step) in steps.enumerated() {
            whole.presentation = step
            try whole.write()
            #expect(whole.findings == [])
            let master = try MasterPlaylist(try whole.bytes("master.m3u8"))
            let rungs = step.videos.count
            #expect(master.variants.count == 2 * rungs && master.media.count == [0, 2, 2, 3][index])
        }
    }

    /// Two groups of sound: each rung appears with each, and its bandwidth is the sum.
    @Test func everyRungIsJoinedWithEveryGroup() throws {
        let stream = try TestStream { stream in
            try stream.addVideo("v90", FFmpeg.Video(size: "160x90"))
            try stream.addSound("a-en", language: "en", name: "English", isDefault: true)
            try stream.addSound("a-en-6", FFmpeg.Sound(channels: 6), language: "en", name: "English 5.1", group: "surround")
        }
        #expect(stream.findings == [])
        let master = try MasterPlaylist(try stream.bytes("master.m3u8"))
        let variants = master.variants.filter { !$0.isIFramesOnly }
        #expect(variants.map { $0.attributes.string("AUDIO") } == ["stereo", "surround"])
        #expect(master.media.map { $0.string("CHANNELS") } == ["2", "6"])
        #expect(master.media.allSatisfy { $0.enumerated("DEFAULT") == "YES" })
        let (video, sounds) = (stream.presentation.videos[0], stream.presentation.sounds)
        for (variant, sound) in zip(variants, sounds) {
            let sum = BitRate(video.pieces, target: 6) + BitRate(sound.rendition.pieces, target: 6)
            #expect(variant.attributes.integer("BANDWIDTH") == sum.declaredPeak)
            #expect(variant.attributes.integer("AVERAGE-BANDWIDTH") == sum.declaredAverage)
        }
    }

    /// Names come from the files of strangers.
    @Test func namesCannotBreakOutOfPlaylists() throws {
        let name = "a\"b,URI=\"x\"\r\n#EXT-X-ENDLIST\n<script>&\u{1}"
        let stream = try TestStream { stream in
            try stream.addVideo("v90", FFmpeg.Video(size: "160x90"))
            try stream.addSound("a-1", language: "en", name: name)
            try stream.addSound("a-2", language: "de", name: name)
            let cues = [WebVTT.Cue(start: 1, end: 2, text: "x\n\n00:00:09.000 --> 00:00:10.000\r\n\r\n<c>&\u{0}")]
            stream.presentation.subtitles = [.init(folder: "subtitles/en", language: "en", name: name, cues: cues)]
        }
        #expect(stream.findings == [])
        let master = try MasterPlaylist(try stream.bytes("master.m3u8"))
        let names = master.media.compactMap { $0.string("NAME") }
        #expect(names[0] == "a b,URI= x   #EXT-X-ENDLIST <script>& " && names[1] == names[0] + " 2")
        let manifest = try XMLReader.root(of: try stream.bytes("manifest.mpd"))
        let labels = manifest.all("Period").flatMap { $0.all("AdaptationSet") }.flatMap { $0.all("Label") }.map(\.text)
        #expect(labels.count == 3 && labels.allSatisfy { $0.hasSuffix("<script>&") })
        let text = try WebVTT.read(try stream.bytes("subtitles/en.vtt"))
        #expect(text.cues.map(\.payload) == ["x\n00:00:09.000 --&gt; 00:00:10.000\n&lt;c&gt;&amp; "])
    }

    @Test func spritesLeadToTheirPlaces() throws {
        let sheet = SpriteSheet(columns: 3, rows: 2, width: 160, height: 90, interval: 2)
        let text = sheet.webVTT(count: 8, duration: 15.5) { "sprites/0000\($0).jpg" }
        let cues = try WebVTT.read(Array(text.utf8)).cues
        #expect(cues.count == 8)
        #expect(cues[0] == WebVTT.Cue(start: 0, end: 2, payload: "sprites/00001.jpg#xywh=0,0,160,90"))
        #expect(cues[4] == WebVTT.Cue(start: 8, end: 10, payload: "sprites/00001.jpg#xywh=160,90,160,90"))
        #expect(cues[7] == WebVTT.Cue(start: 14, end: 15.5, payload: "sprites/00002.jpg#xywh=160,0,160,90"))
        #expect(sheet.webVTT(count: 0, duration: 0) { _ in "" } == "WEBVTT\n")
    }

    @Test func cuesAreCutWithTheSegments() throws {
        let cues = [WebVTT.Cue(start: 5, end: 7, text: "both"), WebVTT.Cue(start: 3661.5, end: 3662.25, text: "late")]
        let first = try WebVTT.read(Array(WebVTT.segment(cues, from: 0, to: 6, mediaStart: 0).utf8))
        let second = try WebVTT.read(Array(WebVTT.segment(cues, from: 6, to: 12, mediaStart: 1.5).utf8))
        #expect(first.cues == [cues[0]] && first.offset == 0)
        #expect(second.cues == [cues[0]] && second.offset == 1.5)
        #expect(WebVTT.text(cues).contains("01:01:01.500 --> 01:01:02.250\nlate\n"))
    }

    @Test func framesASecondAreExactFractions() throws {
        for (rate, text, decimal) in [
            ("30000/1001", "30000/1001", "29.970"), ("25", "25", "25.000"), ("24000/1001", "24000/1001", "23.976"),
        ] {
            let stream = try TestStream { stream in
                var video = FFmpeg.Video(size: "160x90", rate: rate)
                video.options += ["-force_key_frames", "expr:gte(t,n_forced*1)"]
                video.keyFrames = 250
                try stream.addVideo("v90", video)
            }
            #expect(stream.findings == [])
            #expect(try stream.text("manifest.mpd").contains("frameRate=\"\(text)\""))
            #expect(try stream.text("master.m3u8").contains("FRAME-RATE=\(decimal),"))
        }
    }
}
