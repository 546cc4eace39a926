import FoundationEssentials
import TestSupport
import Testing

@testable import AV

@Suite final class SourceTests {
    let directory = TemporaryDirectory()
    deinit { directory.remove() }

    @Test func anOrdinaryFilm() throws {
        let path = try MediaFile.make(
            "a.mp4", in: directory,
            "-f lavfi -i testsrc2=s=640x360:r=25:d=2 -f lavfi -i sine=d=2 -c:v libx264 -g 25 -c:a aac -metadata:s:a language=deu")
        let source = try Source(path: path, container: .mp4)
        #expect(source.streams.map(\.kind) == [.video, .audio])
        #expect(source.streams.map(\.codec) == ["h264", "aac"])
        #expect(source.streams.map(\.language) == [nil, "deu"])
        #expect(abs((source.duration ?? 0) - 2) < 0.1)
        let picture = try #require(source.streams[0].picture)
        #expect((picture.width, picture.height) == (640, 360))
        #expect(picture.frameRate == Rational(25, 1))
        #expect(picture.pixelFormat == "yuv444p" || picture.bitDepth == 8)
        let sound = try #require(source.streams[1].sound)
        #expect(sound == MediaStream.Sound(sampleRate: 44100, channels: 1, layout: "mono"))
    }

    @Test func everyPictureIsDecoded() throws {
        let path = try MediaFile.make("a.mkv", in: directory, "-f lavfi -i testsrc2=s=64x36:r=30:d=2 -c:v libx264")
        #expect(try frames(of: path, .matroska) == 60)
    }

    private func frames(of path: String, _ container: Container) throws -> Int {
        let source = try Source(path: path, container: container)
        var decoder = try Decoder(source, stream: 0)
        let packet = try Packet()
        let frame = try Frame()
        var count = 0
        while try source.read(into: packet) {
            try decoder.send(packet)
            while try decoder.receive(into: frame) == .frame { count += 1 }
        }
        try decoder.finish()
        while try decoder.receive(into: frame) == .frame { count += 1 }
        return count
    }
}
