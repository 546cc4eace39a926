import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import Streaming

@Suite struct ReaderTests {
    @Test func attributesAreRead() throws {
        let list = try AttributeList(#"A=1,B-2="x,y=z",C=640x360,D=29.97,E=YES,F="""#)
        #expect(list.integer("A") == 1 && list.string("B-2") == "x,y=z" && list.decimal("D") == 29.97)
        #expect(list.resolution("C").map { [$0.width, $0.height] } == [640, 360])
        #expect(list.enumerated("E") == "YES" && list.string("E") == nil && list.string("F") == "" && list.enumerated("F") == nil)
        #expect(list.integer("C") == nil && list.resolution("A") == nil && list.integer("Z") == nil)
    }

    @Test(arguments: ["A", "=1", "a=1", "A=\"x", "A=\"x\"B=1", "A=1,A=2", ",", "A=1,,B=2", "É=1"])
    func whatIsNoAttributeListIsRefused(text: String) {
        #expect(throws: FormatError.self) { _ = try AttributeList(Substring(text)) }
    }

    @Test func byteRangesFollowOneAnother() throws {
        let text = "#EXTM3U\n#EXTINF:1,\n#EXT-X-BYTERANGE:10@5\na\n#EXTINF:1.5,title\n#EXT-X-BYTERANGE:7\na\n#EXTINF:2,\nb\r\n"
        let list = try MediaPlaylist(Array(text.utf8))
        #expect(list.entries.map(\.range) == [5..<15, 15..<22, nil])
        #expect(list.entries.map(\.duration) == [1, 1.5, 2] && list.entries.map(\.uri) == ["a", "a", "b"])
    }

    @Test(arguments: [
        "", "#EXTINF:1,\na", "\u{feff}#EXTM3U\n", "#EXTM3U\na", "#EXTM3U\n#EXTINF:1,", "#EXTM3U\n#EXTINF:x,\na",
        "#EXTM3U\n#EXTINF:-1,\na", "#EXTM3U\n#EXTINF:1e9,\na", "#EXTM3U\n#EXTINF:1,\n#EXT-X-BYTERANGE:5\na",
        "#EXTM3U\n#EXTINF:1,\n#EXT-X-BYTERANGE:99999999999999999999@0\na", "#EXTM3U\n#EXTINF:1,\n#EXT-X-BYTERANGE:-5@0\na",
        "#EXTM3U\n#EXT-X-MAP:BYTERANGE=\"1@2\",URI=\"a\"", "#EXTM3U\n#EXT-X-MAP:URI=a", "#EXTM3U\n\u{0}",
        "#EXTM3U\n#EXT-X-STREAM-INF:A=1\na",
    ])
    func whatIsNoMediaPlaylistIsRefused(text: String) {
        #expect(throws: FormatError.self) { _ = try MediaPlaylist(Array(text.utf8)) }
    }

    @Test(arguments: [
        "#EXTM3U\na", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1", "#EXTM3U\n#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1",
        "#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,TYPE=VIDEO", "#EXTM3U\n#EXTINF:1,\na", "#EXTM3U8\n#EXT-X-STREAM-INF:A=1\na",
    ])
    func whatIsNoMasterPlaylistIsRefused(text: String) {
        #expect(throws: FormatError.self) { _ = try MasterPlaylist(Array(text.utf8)) }
    }

    @Test func sizesHaveLimits() {
        let line = "#EXTM3U\n#" + String(repeating: "x", count: 70_000)
        let many = "#EXTM3U\n" + String(repeating: "#EXT-X-MEDIA:A=1\n", count: 1001)
        let long = "#EXTM3U\n" + String(repeating: "#EXTINF:1,\na\n", count: 100_001)
        #expect { _ = try MediaPlaylist(Array(line.utf8)) } throws: { ($0 as? FormatError)?.code == .tooLarge }
        #expect { _ = try MasterPlaylist(Array(many.utf8)) } throws: { ($0 as? FormatError)?.code == .tooLarge }
        #expect { _ = try MediaPlaylist(Array(long.utf8)) } throws: { ($0 as? FormatError)?.code == .tooLarge }
    }

    @Test func namesInManifestsAreExpanded() throws {
        let manifest = try Manifest(
            Array(
                """
                <?xml version="1.0"?><!-- a > b --><MPD type='static' mediaPresentationDuration="PT1H2M3.5S"><Period>
                <AdaptationSet mimeType="video/mp4" lang="en"><SegmentTemplate timescale="10" startNumber="7"
                 initialization="$RepresentationID$/i&amp;$$.mp4" media="$RepresentationID$/$Number%03d$-$Time$.m4s">
                <SegmentTimeline><S t="5" d="20" r="2"/><S d="5"/></SegmentTimeline></SegmentTemplate>
                <Representation id="a" bandwidth="5" codecs="x"/></AdaptationSet></Period></MPD>
                """.utf8))
        #expect(manifest.duration == 3723.5 && manifest.isStatic)
        let found = try #require(manifest.representations.first)
        #expect(
            found.initialization == "a/i&$.mp4" && found.content == "video" && found.language == "en" && found.duration == 6.5)
        #expect(found.media == ["a/007-5.m4s", "a/008-25.m4s", "a/009-45.m4s", "a/010-65.m4s"])
    }

    @Test(arguments: [
        "", "<MPD>", "<MPD/>", "<MPD></MPX>", "<a><b></a></b>", "<MPD><Period/><Period/></MPD>", "<MPD a=1><Period/></MPD>",
        "<MPD a='1' a='2'><Period/></MPD>", "<!DOCTYPE MPD><MPD><Period/></MPD>", "<MPD><![CDATA[x]]><Period/></MPD>",
        "<!-- <MPD/>",
        String(repeating: "<a>", count: 40),
        "<MPD><Period><AdaptationSet><SegmentTemplate><SegmentTimeline><S d='1' r='99999999999'/></SegmentTimeline>"
            + "</SegmentTemplate><Representation/></AdaptationSet></Period></MPD>",
        "<MPD><Period><AdaptationSet><SegmentTemplate><SegmentTimeline><S d='1' r='-1'/></SegmentTimeline>"
            + "</SegmentTemplate><Representation/></AdaptationSet></Period></MPD>",
    ])
    func whatIsNoManifestIsRefused(text: String) {
        #expect(throws: FormatError.self) { _ = try Manifest(Array(text.utf8)) }
    }

    @Test(arguments: [
        "", "WEBVTTX\n", "\u{feff}WEBVTT\n", "WEBVTT\n\n00:01 --> 00:02\nx", "WEBVTT\n\n00:02.000 --> 00:01.000\nx",
    ])
    func whatIsNoWebVTTIsRefused(text: String) {
        #expect(throws: FormatError.self) { _ = try WebVTT.read(Array(text.utf8)) }
    }

    @Test(arguments: [
        ("a/b.m4s", "c/d.m3u8", "c/a/b.m4s"), ("%41.m4s", "d.m3u8", "A.m4s"), ("ä ö.mp4", "c/d/e.m3u8", "c/d/ä ö.mp4"),
    ])
    func namesBesideAPlaylistAreFiles(uri: String, file: String, path: String) {
        #expect(StreamURI.path(uri, from: file) == path)
    }

    @Test func nothingOutsideOfTheFolderIsOpened() throws {
        let (directory, other) = (TemporaryDirectory(), TemporaryDirectory())
        defer { [directory, other].forEach { $0.remove() } }
        let manager = FileManager.default
        try Data([1, 2, 3]).write(to: URL(filePath: other.path + "/secret"))
        try Data([1, 2, 3]).write(to: URL(filePath: directory.path + "/a"))
        try manager.createSymbolicLink(atPath: directory.path + "/link", withDestinationPath: other.path + "/secret")
        try manager.createSymbolicLink(atPath: directory.path + "/folder", withDestinationPath: other.path)
        let files = StreamFolder(directory.path)
        #expect(try files.read("a", limit: 3) == [1, 2, 3])
        #expect(throws: StreamFolder.Failure.tooLarge(3)) { _ = try files.read("a", limit: 2) }
        #expect(throws: StreamFolder.Failure.self) { _ = try files.read("link", limit: 9) }
        #expect(throws: StreamFolder.Failure.self) { _ = try files.read("folder/secret", limit: 9) }
        for name in ["", "/etc/passwd", "../a", "a/", "./a", "a\u{0}", "none", "none/none"] {
            #expect(throws: StreamFolder.Failure.missing, "\(name)") { _ = try files.read(name, limit: 9) }
        }
        try manager.createDirectory(atPath: directory.path + "/sub", withIntermediateDirectories: true)
        #expect(throws: StreamFolder.Failure.unreadable(0)) { _ = try files.read("sub", limit: 9) }
        #expect(mkfifo(directory.path + "/pipe", 0o600) == 0)
        #expect(throws: StreamFolder.Failure.unreadable(0)) { _ = try files.read("pipe", limit: 9) }
    }
}
