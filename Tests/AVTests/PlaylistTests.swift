import FoundationEssentials
import TestSupport
import Testing

@testable import AV

/// Playlists and other files that name files: nothing that they name is opened.
@Suite(.serialized) struct PlaylistTests {
    private let canary: Canary
    private let playlists: [String]

    init() throws {
        canary = try Canary()
        let file = "file://\(canary.path)"
        let address = "http://127.0.0.1:\(canary.port)/a.ts"
        playlists = [
            "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n\(file)\n#EXTINF:5,\n\(address)\n#EXT-X-ENDLIST\n",
            "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n\(address)\n#EXT-X-ENDLIST\n",
            "ffconcat version 1.0\nfile '\(canary.path)'\nfile \(address)\n",
        ]
    }

    /// Without this the tests below would prove nothing.
    @Test func ffmpegItselfIsTaken() throws {
        _ = try Data(contentsOf: URL(filePath: canary.path))
        #expect(canary.hasSung() && !canary.hasSung())
        let path = try MediaText.write(playlists[0], to: "\(canary.directory.path)/a.mp4")
        let allowed = ["-protocol_whitelist", "file,http,tcp,crypto", "-allowed_extensions", "ALL", "-rw_timeout", "100000"]
        try? ChildProcess.run(["timeout", "20", "ffprobe"] + allowed + [path])
        #expect(canary.hasSung())
    }

    @Test(arguments: Container.allCases) func aPlaylistIsNoFilm(_ container: Container) throws {
        for (number, text) in playlists.enumerated() {
            let path = try MediaText.write(text, to: "\(canary.directory.path)/\(number).mp4")
            let code = refusal(of: path, container)
            #expect(code == .unreadable || code == .unsupported || code == .truncated, "\(code as Any)")
            #expect(!canary.hasSung())
        }
    }

    /// AVI carries subtitles as whole files (`GAB2`), for which libavformat starts a demuxer within the demuxer.
    @Test func aPlaylistInASubtitle() throws {
        for text in playlists {
            let title: [UInt8] = [0x61, 0, 0, 0]
            let subtitle: [UInt8] =
                Array("GAB2\0".utf8) + [2, 0, UInt8(title.count), 0, 0, 0] + title + [4, 0, UInt8(text.utf8.count), 0, 0, 0]
            let raw = "\(canary.directory.path)/raw"
            try Data(subtitle + Array(text.utf8)).write(to: URL(filePath: raw))
            let film = try Film(
                "a.avi", .avi, Film.card("64x36") + " -f u8 -ar 8000 -ac 1 -i \(raw) -c:v mpeg4 -c:a pcm_u8")
            try MediaFile.patch(film.path, Array("auds".utf8), Array("txts".utf8))
            let probe = try film.probe()
            #expect(probe.streams.map(\.kind) == [.video, .subtitle] && !canary.hasSung())
            let source = try Source(path: film.path, container: .avi)
            let packet = try Packet()
            while try source.read(into: packet) {}
            #expect(!canary.hasSung())
        }
    }

    /// Whatever else a demuxer may think of.
    @Test func everyRequestToOpenSomethingIsRefused() throws {
        let film = try Film("a.mp4", .mp4, Film.card("64x36") + " -c:v libx264")
        let context = try InputContext(try FileInput(path: film.path, deadline: nil), .mp4, SourceLimits())
        for name in [canary.path, "file:\(canary.path)", "http://127.0.0.1:\(canary.port)/", "data:,a", "concat:\(canary.path)"] {
            let isOpen = context.opens(name)
            #expect(!isOpen)
        }
        #expect(!canary.hasSung())
    }
}
