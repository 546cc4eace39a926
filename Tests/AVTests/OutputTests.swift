import FoundationEssentials
import TestSupport
import Testing

@testable import AV

@Suite final class OutputTests {
    let directory = TemporaryDirectory()
    deinit { directory.remove() }

    private let settings = VideoEncoderSettings(
        codec: .x264, width: 64, height: 36, frameRate: Rational(25, 1) ?? .one, quality: 30, maxBitRate: 200_000,
        keyInterval: 25, preset: "ultrafast", threads: 1)

    private func film(seconds: Double) throws -> String {
        try MediaFile.make(
            "a.mp4", in: directory, "-f lavfi -i testsrc2=s=320x180:r=25:d=\(seconds) -c:v libx264 -pix_fmt yuv420p")
    }

    private func eachFrame(of film: String, _ body: (borrowing Frame) throws -> Void) throws {
        let source = try Source(path: film, container: .mp4)
        var decoder = try Decoder(source, stream: 0)
        let packet = try Packet()
        let frame = try Frame()
        while try source.read(into: packet) {
            try decoder.send(packet)
            while try decoder.receive(into: frame) == .frame { try body(frame) }
        }
        try decoder.finish()
        while try decoder.receive(into: frame) == .frame { try body(frame) }
    }

    /// Scales, encodes and packs a film; a segment is two seconds, a key frame comes each second.
    private final class Factory {
        private(set) var parts: [FragmentWriter.Part: [UInt8]] = [:]
        private(set) var keys: [Int64] = []
        private let encoder: Encoder
        private var writer: FragmentWriter?
        private var filters: FilterGraph?
        private var count = 0

        init(_ settings: VideoEncoderSettings) throws {
            encoder = try Encoder(settings)
            writer = try FragmentWriter(of: encoder, unit: encoder.timeBase) { [unowned self] part, bytes in
                parts[part] = bytes
            }
        }

        func take(_ frame: borrowing Frame) throws {
            if filters == nil { filters = try FilterGraph(like: frame, timeBase: .one, "scale=64:36,format=yuv420p") }
            let scaled = try Frame()
            try filters?.push(frame)
            guard try filters?.pull(into: scaled) == true else { throw AVError(.other, "nothing came out") }
            try encoder.send(scaled, number: count, isKey: count % 25 == 0)
            count += 1
            try collect()
        }

        func finish() throws {
            try encoder.finish()
            try collect()
            try writer?.finish()
        }

        private func collect() throws {
            let packet = try Packet()
            while try encoder.receive(into: packet) {
                let time = packet.time ?? -1
                if packet.isKey { keys.append(time) }
                try writer?.write(packet, startsFragment: packet.isKey && time > 0, startsSegment: packet.isKey && time == 50)
            }
        }
    }

    @Test func aFilmBecomesSegmentsThatAreFilmsAgain() throws {
        let factory = try Factory(settings)
        try eachFrame(of: try film(seconds: 4)) { try factory.take($0) }
        try factory.finish()
        #expect(factory.keys == [0, 25, 50, 75])
        #expect(Set(factory.parts.keys) == [.initialisation, .segment(0), .segment(1)])
        let parts = [FragmentWriter.Part.initialisation, .segment(0), .segment(1)].map { factory.parts[$0] ?? [] }
        let path = "\(directory.path)/whole.mp4"
        try Data(parts.joined()).write(to: URL(filePath: path))
        let source = try Source(path: path, container: .mp4)
        let streams = source.streams
        let picture = try #require(streams[0].picture)
        #expect(picture.width == 64 && picture.height == 36 && picture.pixelFormat == "yuv420p")
        #expect(picture.colour.matrix == "bt709" && picture.colour.transfer == "bt709" && picture.colour.range == "tv")
        var count = 0
        try eachFrame(of: path) { _ in count += 1 }
        #expect(count == 100)
        // Two fragments in each segment, so that players find every key frame.
        for part in parts.dropFirst() {
            #expect(part.indices.count { part[$0...].starts(with: Array("moof".utf8)) } == 2)
        }
    }

    @Test func whatCannotBeMadeIsAnError() throws {
        var unknown = settings
        unknown.preset = "no-such-preset"
        #expect(throws: AVError.self) { _ = try Encoder(unknown) }
        try eachFrame(of: try film(seconds: 0.1)) { frame in
            #expect(throws: AVError.self) { _ = try FilterGraph(like: frame, timeBase: .one, "no_such_filter=1") }
        }
    }

    @Test func soundIsCutIntoEqualPieces() throws {
        let queue = try SampleQueue(AudioEncoderSettings())
        try queue.appendSilence(1500)
        let first = try queue.take(1024).samples
        #expect(first == 1024 && queue.count == 476)
        let second = try queue.take(1024).samples
        #expect(second == 476)
    }

    @Test(arguments: [(StillCodec.jpeg, "yuvj420p", [0xff, 0xd8]), (.webp, "yuv420p", Array("RIFF".utf8))])
    func picturesStandStill(_ codec: StillCodec, _ format: String, _ magic: [UInt8]) throws {
        try eachFrame(of: try film(seconds: 0.04)) { frame in
            let filters = try FilterGraph(like: frame, timeBase: .one, "scale=64:36,format=\(format)")
            let scaled = try Frame()
            try filters.push(frame)
            _ = try filters.pull(into: scaled)
            let encoder = try Encoder(still: codec, width: 64, height: 36, quality: 80)
            try encoder.send(scaled, number: 0)
            try encoder.finish()
            let packet = try Packet()
            let isThere = try encoder.receive(into: packet)
            let bytes = packet.bytes
            #expect(isThere && bytes.starts(with: magic))
        }
    }
}
