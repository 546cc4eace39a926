import Testing

@testable import Streaming

/// A whole stream, what is done to it, and the rules that it breaks then: these, and no others.
struct RuleCase: Sendable, CustomTestStringConvertible {
    let name: String
    let rules: Set<String>
    let file: String
    let change: @Sendable (TestStream) throws -> Void

    /// - Parameter file: the file that each finding names.
    init(_ name: String, breaks rules: String..., in file: String, _ change: @escaping @Sendable (TestStream) throws -> Void) {
        (self.name, self.rules, self.file, self.change) = (name, Set(rules), file, change)
    }

    var testDescription: String { name }
}

extension RuleCase {
    private static let master = "master.m3u8"
    private static let manifest = "manifest.mpd"
    private static let media = #"#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="more",LANGUAGE="fr",NAME="Français",URI="#

    static let all = files + playlists + times + keyFrames + variants + groups + subtitles + iFrames + dash

    /// A master playlist that also names something else.
    private static func naming(_ uri: String) -> @Sendable (TestStream) throws -> Void {
        { try $0.replace("#EXT-X-INDEPENDENT-SEGMENTS", with: "#EXT-X-INDEPENDENT-SEGMENTS\n\(media)\"\(uri)\"", in: master) }
    }

    private static let files =
        [
            "../x.m3u8", "subtitles/../../x", "v180/../v90/index.m3u8", "%2e%2e/x", "/etc/passwd", "file:///etc/passwd",
            "http://127.0.0.1/x", "//host/x", "x?y", "a//b", "a%00b", "",
        ].map { RuleCase("names \($0)", breaks: "files-inside", in: master, naming($0)) } + [
            RuleCase("a playlist that is not there", breaks: "files-exist", in: "none.m3u8", naming("none.m3u8")),
            RuleCase("a segment that is not there", breaks: "files-exist", in: "v90/00002.m4s") {
                try $0.remove("v90/00002.m4s")
            },
            RuleCase("half a segment", breaks: "files-readable", in: "v90/00002.m4s") { stream in
                try stream.patch("v90/00002.m4s") { $0 = Array($0.prefix($0.count / 2)) }
            },
            RuleCase("a playlist that is none", breaks: "files-readable", in: "manifest.mpd", naming("manifest.mpd")),
            RuleCase("a link out of the folder", breaks: "files-readable", in: "v90/00002.m4s") { stream in
                try stream.remove("v90/00002.m4s")
                try stream.link("v90/00002.m4s", to: "/etc/passwd")
            },
        ]

    private static let playlists = [
        RuleCase("no variants", breaks: "not-empty", "dash-segments", in: "ma*") { try $0.put(Array("#EXTM3U\n".utf8), master) },
        RuleCase("no cues' segments", breaks: "not-empty", "subtitle-length", in: "subtitles/en/index.m3u8") { stream in
            for part in ["EXTINF", ".vtt"] { try stream.dropLines(with: part, from: "subtitles/en/index.m3u8") }
        },
        RuleCase("an old version", breaks: "version", in: "v90/index.m3u8") { stream in
            try stream.replace("VERSION:7", with: "VERSION:5", in: "v90/index.m3u8")
        },
        RuleCase("no type", breaks: "vod", in: "v90/index.m3u8") {
            try $0.dropLines(with: "PLAYLIST-TYPE", from: "v90/index.m3u8")
        },
        RuleCase("no end", breaks: "vod", in: "a-en/index.m3u8") { try $0.dropLines(with: "ENDLIST", from: "a-en/index.m3u8") },
        RuleCase("not independent", breaks: "independent-segments", in: "v90/index.m3u8") { stream in
            try stream.dropLines(with: "INDEPENDENT", from: master)
            try stream.dropLines(with: "INDEPENDENT", from: "v90/index.m3u8")
        },
        RuleCase("two maps", breaks: "map", in: "v90/index.m3u8") { stream in
            try stream.replace("#EXTINF:1", with: "#EXT-X-MAP:URI=\"init2.mp4\"\n#EXTINF:1", in: "v90/index.m3u8")
        },
        RuleCase("too long for the target", breaks: "target-duration", in: "subtitles/en/index.m3u8") { stream in
            try stream.replace("TARGETDURATION:6", with: "TARGETDURATION:5", in: "subtitles/en/index.m3u8")
        },
        RuleCase("no target", breaks: "target-duration", in: "subtitles/en/index.m3u8") { stream in
            try stream.dropLines(with: "TARGETDURATION", from: "subtitles/en/index.m3u8")
        },
        RuleCase("another target", breaks: "same-target-duration", in: "v90/index.m3u8") { stream in
            try stream.replace("TARGETDURATION:6", with: "TARGETDURATION:7", in: "v90/index.m3u8")
        },
    ]

    private static let times = [
        RuleCase("20 ms too much", breaks: "extinf", in: "v90/index.m3u8") { stream in
            try stream.replace("6.000000,\n00002", with: "6.020000,\n00002", in: "v90/index.m3u8")
        },
        RuleCase("400 ms too much", breaks: "extinf", "playlist-duration", in: "v90/index.m3u8") { stream in
            try stream.replace("6.000000,\n00002", with: "6.400000,\n00002", in: "v90/index.m3u8")
        },
        RuleCase("a tick between fragments", breaks: "continuous-time", in: "v90/00002.m4s") { stream in
            try stream.shiftTime("v90/00002.m4s", by: 1, onlyFragment: 3)
        },
        RuleCase("a discontinuity", breaks: "continuous-time", in: "a-de/index.m3u8") { stream in
            try stream.replace("#EXTINF:1", with: "#EXT-X-DISCONTINUITY\n#EXTINF:1", in: "a-de/index.m3u8")
        },
        RuleCase("a rung that is late", breaks: "aligned-segments", in: "v90/*.m4s") { stream in
            for number in 1...3 { try stream.shiftTime("v90/0000\(number).m4s", by: 30) }
        },
        RuleCase("sound that is late", breaks: "aligned-sound", in: "a-de/*.m4s") { stream in
            for number in 1...3 { try stream.shiftTime("a-de/0000\(number).m4s", by: 2000) }
        },
    ]

    private static let keyFrames = [
        RuleCase("a segment without IDR", breaks: "first-frame-idr", in: "v90/00002.m4s") { stream in
            try stream.demoteIDR("v90/00002.m4s", fragment: 0, alsoUnmarked: true)
        },
        RuleCase("a key frame that is no IDR", breaks: "closed-gops", in: "v90/00002.m4s") { stream in
            try stream.demoteIDR("v90/00002.m4s", fragment: 2)
        },
    ]

    private static let variants = [
        RuleCase("other codecs", breaks: "codecs", in: master) {
            try $0.replace("avc1.64000d,mp4a", with: "avc1.64001f,mp4a", in: master)
        },
        RuleCase("codecs without sound", breaks: "codecs", in: master) {
            try $0.replace("avc1.64000d,mp4a.40.2", with: "avc1.64000d", in: master)
        },
        RuleCase("other codecs of I-frames", breaks: "codecs", in: master) { stream in
            try stream.replace("CODECS=\"avc1.64000d\"", with: "CODECS=\"avc1.4d000d\"", in: master)
        },
        RuleCase("no codecs", breaks: "codecs", in: master) { try $0.replace("CODECS=", with: "X-CODECS=", in: master) },
        RuleCase("another size", breaks: "resolution", in: master) {
            try $0.replace("320x180,FRAME", with: "320x240,FRAME", in: master)
        },
        RuleCase("no size of I-frames", breaks: "resolution", in: master) {
            try $0.replace("RESOLUTION=320x180,VIDEO", with: "VIDEO", in: master)
        },
        RuleCase("another rate", breaks: "frame-rate", in: master) {
            try $0.replace("30.000", with: "29.970", in: master, maxReplacements: 1)
        },
        RuleCase("no rate", breaks: "frame-rate", in: master) { try $0.replace("FRAME-RATE=30.000,", with: "", in: master) },
        RuleCase("another range", breaks: "video-range", in: master) {
            try $0.replace("SDR", with: "PQ", in: master, maxReplacements: 1)
        },
        RuleCase("2 % more bandwidth", breaks: "bandwidth", in: master) {
            try $0.scale("#EXT-X-STREAM-INF:BANDWIDTH=", by: 1.02, in: master)
        },
        RuleCase("2 % less bandwidth of I-frames", breaks: "bandwidth", in: master) { stream in
            try stream.scale("#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=", by: 0.98, in: master)
        },
        RuleCase("2 % more on average", breaks: "average-bandwidth", in: master) {
            try $0.scale("AVERAGE-BANDWIDTH=", by: 1.02, in: master)
        },
        RuleCase("no average", breaks: "average-bandwidth", in: master) { try $0.replace("AVERAGE-", with: "X-", in: master) },
    ]

    private static let groups = [
        RuleCase("a group that is not there", breaks: "groups", in: master) {
            try $0.replace("SUBTITLES=\"subtitles\"", with: "SUBTITLES=\"none\"", in: master)
        },
        RuleCase("a name twice", breaks: "groups", in: master) { try $0.replace("Deutsch", with: "English", in: master) },
        RuleCase("two defaults", breaks: "groups", in: master) {
            try $0.replace("\"Deutsch\",DEFAULT=NO", with: "\"Deutsch\",DEFAULT=YES", in: master)
        },
        RuleCase("a default that is not chosen", breaks: "groups", in: master) { stream in
            try stream.replace("DEFAULT=YES,AUTOSELECT=YES", with: "DEFAULT=YES,AUTOSELECT=NO", in: master)
        },
        RuleCase("no language", breaks: "language", in: master) { try $0.replace("LANGUAGE=\"de\",", with: "", in: master) },
        RuleCase("no language of text", breaks: "language", in: master) { stream in
            try stream.replace("\"subtitles\",LANGUAGE=\"en\"", with: "\"subtitles\"", in: master)
        },
        RuleCase("other channels", breaks: "channels", in: master) {
            try $0.replace("CHANNELS=\"2\"", with: "CHANNELS=\"6\"", in: master)
        },
    ]

    private static let subtitles = [
        RuleCase("no time map", breaks: "subtitle-times", in: "subtitles/en/00002.vtt") { stream in
            try stream.dropLines(with: "X-TIMESTAMP", from: "subtitles/en/00002.vtt")
        },
        RuleCase("another time map", breaks: "subtitle-times", in: "subtitles/en/00002.vtt") { stream in
            try stream.replace("MPEGTS:0", with: "MPEGTS:900000", in: "subtitles/en/00002.vtt")
        },
        RuleCase("subtitles that end early", breaks: "subtitle-length", in: "subtitles/en/index.m3u8") { stream in
            try stream.replace("EXTINF:1.0", with: "EXTINF:0.3", in: "subtitles/en/index.m3u8")
        },
        RuleCase("a cue elsewhere", breaks: "subtitle-cues", in: "subtitles/en/00001.vtt") { stream in
            try stream.replace(
                "00:00:00.500 --> 00:00:01.200", with: "00:00:10.500 --> 00:00:11.200", in: "subtitles/en/00001.vtt")
        },
        RuleCase("no WebVTT", breaks: "files-readable", in: "subtitles/en/00001.vtt") { stream in
            try stream.replace("WEBVTT", with: "SUBRIP", in: "subtitles/en/00001.vtt")
        },
    ]

    private static let iFrames = [
        RuleCase("no I-frames", breaks: "iframe-playlist", in: master) { try $0.dropLines(with: "I-FRAME", from: master) },
        RuleCase("I-frames that do not say so", breaks: "iframe-playlist", in: "v90/iframes.m3u8") { stream in
            try stream.dropLines(with: "I-FRAMES-ONLY", from: "v90/iframes.m3u8")
        },
        RuleCase("half a key frame", breaks: "iframe-ranges", in: "v90/iframes.m3u8") { stream in
            let line = try stream.text("v90/iframes.m3u8").split(separator: "\n").first { $0.contains("BYTERANGE") } ?? ""
            let length = Int(line.drop { $0 != ":" }.dropFirst().prefix { $0 != "@" }) ?? 0
            try stream.replace("BYTERANGE:\(length)@0", with: "BYTERANGE:\(length - 1)@0", in: "v90/iframes.m3u8")
        },
        RuleCase("no moof", breaks: "iframe-ranges", in: "v90/iframes.m3u8") { stream in
            try stream.replace("@0\n", with: "@8\n", in: "v90/iframes.m3u8", maxReplacements: 1)
        },
        RuleCase("an I-frame that lasts too long", breaks: "iframe-ranges", in: "v90/iframes.m3u8") { stream in
            try stream.replace("1.000000", with: "1.050000", in: "v90/iframes.m3u8", maxReplacements: 1)
        },
    ]

    private static let dash = [
        RuleCase("no manifest", breaks: "dash-manifest", in: manifest) { try $0.remove(manifest) },
        RuleCase("a live manifest", breaks: "dash-manifest", in: manifest) {
            try $0.replace("\"static\"", with: "\"dynamic\"", in: manifest)
        },
        RuleCase("a manifest with a declaration", breaks: "files-readable", in: manifest) { stream in
            try stream.replace("<MPD", with: "<!DOCTYPE x [<!ENTITY a \"b\">]><MPD", in: manifest)
        },
        RuleCase("other segments", breaks: "dash-segments", in: manifest) {
            try $0.replace("v90/$Number", with: "v180/$Number", in: manifest)
        },
        RuleCase("a rung that DASH lacks", breaks: "dash-segments", in: manifest) { stream in
            let text = try stream.text(manifest)
            let (start, end) = (
                text.firstRange(of: "      <Representation id=\"v90\""), text.firstRange(of: "    </AdaptationSet>")
            )
            guard let start, let end else { throw TestStream.Missing(description: "no v90") }
            try stream.put(Array((text[..<start.lowerBound] + text[end.lowerBound...]).utf8), manifest)
        },
        RuleCase("another duration", breaks: "dash-duration", in: manifest) { stream in
            try stream.replace("mediaPresentationDuration=\"PT13", with: "mediaPresentationDuration=\"PT14", in: manifest)
        },
        RuleCase("another timeline", breaks: "dash-duration", in: manifest) {
            try $0.replace("d=\"15360\"", with: "d=\"25360\"", in: manifest)
        },
        RuleCase("other codecs in DASH", breaks: "dash-attributes", in: manifest) {
            try $0.replace("mp4a.40.2", with: "mp4a.40.5", in: manifest)
        },
        RuleCase("another size in DASH", breaks: "dash-attributes", in: manifest) {
            try $0.replace("width=\"320\"", with: "width=\"321\"", in: manifest)
        },
        RuleCase("another language in DASH", breaks: "dash-attributes", in: manifest) {
            try $0.replace("lang=\"de\"", with: "lang=\"fr\"", in: manifest)
        },
        RuleCase("other bandwidth in DASH", breaks: "dash-attributes", in: manifest) {
            try $0.scale("bandwidth=\"", by: 1.02, in: manifest)
        },
    ]
}

extension TestStream {
    /// Multiplies the number behind a text, wherever it stands.
    func scale(_ key: String, by factor: Double, in path: String) throws {
        let parts = try text(path).split(separator: key, omittingEmptySubsequences: false)
        guard parts.count > 1 else { throw Missing(description: "no \(key) in \(path)") }
        let scaled = parts.dropFirst().map { part in
            let number = part.prefix { $0.isNumber }
            return String(Int(Double(Int(number) ?? 0) * factor)) + part.dropFirst(number.count)
        }
        try put(Array(([String(parts[0])] + scaled).joined(separator: key).utf8), path)
    }
}
