import Testing

@testable import Transcoder

@Suite struct SubtitleTrackTests {
    @Test func marksAreLeftOut() {
        #expect(SubtitleTrack.plain("<i>Hello</i> & {\\an8}bye\\Nthere") == "Hello & bye\nthere")
        #expect(SubtitleTrack.plain("1 < 2 {x} <unclosed") == "1 < 2 {x} <unclosed")
    }

    @Test func everyFormatHasItsPlaceForText() {
        #expect(SubtitleTrack.text([0, 2] + Array("hi and boxes".utf8), "mov_text") == "hi")
        #expect(SubtitleTrack.text([9, 9], "mov_text") == "")
        #expect(SubtitleTrack.text([1], "mov_text") == "")
        #expect(SubtitleTrack.text(Array("0,0,Default,,0,0,0,,a, b".utf8), "ass") == "a, b")
        #expect(SubtitleTrack.text(Array("short".utf8), "ass") == "")
        #expect(SubtitleTrack.text(Array("plain".utf8), "subrip") == "plain")
    }
}
