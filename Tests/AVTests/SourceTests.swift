import Testing

@testable import AV

@Suite struct SourceTests {
    @Test func everyPictureIsDecoded() throws {
        let film = try Film("a.mkv", .matroska, Film.card("64x36", rate: 30, seconds: 2) + " -c:v libx264 -bf 2")
        let source = try Source(path: film.path, container: .matroska)
        var decoder = try Decoder(source, stream: 0)
        let packet = try Packet()
        let frame = try Frame()
        var times: [Int64] = []
        while try source.read(into: packet) {
            try decoder.send(packet)
            while try decoder.receive(into: frame) == .frame { times.append(frame.time ?? -1) }
        }
        try decoder.finish()
        while try decoder.receive(into: frame) == .frame { times.append(frame.time ?? -1) }
        #expect(times.count == 60 && times == times.sorted() && times.first == 0)
        let damaged = decoder.damaged
        #expect(damaged == 0)
    }

    @Test func onlySelectedStreamsAreRead() throws {
        let film = try Film("a.mp4", .mp4, Film.card("64x36") + " -f lavfi -i sine=d=1 -c:v libx264")
        let source = try Source(path: film.path, container: .mp4)
        source.select([1])
        let packet = try Packet()
        var streams: Set<Int> = []
        while try source.read(into: packet) { streams.insert(packet.stream) }
        #expect(streams == [1])
    }

    @Test func seekingGoesToTheKeyFrameBefore() throws {
        let film = try Film("a.mp4", .mp4, Film.card("64x36", rate: 10, seconds: 6) + " -c:v libx264 -g 20 -pix_fmt yuv420p")
        let source = try Source(path: film.path, container: .mp4)
        let tooFar = source.seek(to: 1e300, stream: 0)
        let nowhere = source.seek(to: 0, stream: 7)
        let found = source.seek(to: 5, stream: 0)
        #expect(found && !tooFar && !nowhere)
        let packet = try Packet()
        let isThere = try source.read(into: packet)
        let (time, isKey) = (packet.time, packet.isKey)
        #expect(isThere && isKey && time == 4 * Int64(source.streams[0].timeBase.denominator))
    }

    @Test func aDeadlineEndsReading() throws {
        let film = try Film("a.mp4", .mp4, Film.card("64x36") + " -c:v libx264")
        #expect(refusal(of: film.path, .mp4, deadline: .now) == .limit)
    }

    @Test func whatIsNoFileIsNotOpened() {
        for path in ["/nonexistent", "/tmp", "/dev/null", "http://127.0.0.1/", "pipe:0"] {
            #expect(refusal(of: path, .mp4) == .io)
        }
    }
}
