import TestSupport
import Testing

@testable import Streaming

/// FFmpeg's readers of HLS and DASH find in our playlists what we put there.
@Suite struct PlaybackTests {
    /// One stream at a time: FFmpeg's reader of DASH ends all with the first that ends.
    @Test(arguments: [("master.m3u8", "v:0"), ("master.m3u8", "v:1"), ("manifest.mpd", "v:0"), ("manifest.mpd", "v:1")])
    func everyFrameIsRead(playlist: String, stream number: String) throws {
        let stream = try TestStream()
        // Nor does it take subtitles.
        stream.presentation.subtitles = []
        try stream.write()
        let counts = try FFmpeg.probe(
            "\(stream.directory.path)/\(playlist)", "stream=nb_read_packets", ["-count_packets", "-select_streams", number])
        #expect(!counts.isEmpty && counts.allSatisfy { $0 == ["390"] }, "\(counts)")
    }

    /// A rendition of I-frames alone plays like any other.
    @Test func everyFrameOfADenseRenditionIsRead() throws {
        let stream = try TestStream { stream in
            try stream.addVideo("v90", FFmpeg.Video(size: "160x90"))
            try stream.addVideo("scrub", FFmpeg.Video(size: "160x90", rate: "1", keyFrames: 1), isTrickPlay: true)
        }
        let frames = try FFmpeg.probe("\(stream.directory.path)/scrub/iframes.m3u8", "frame=pict_type", ["-select_streams", "v"])
        #expect(frames.count == 13 && frames.allSatisfy { $0.first == "I" }, "\(frames)")
    }

    /// What a player cuts out of an ordinary rung is a picture.
    @Test func everyKeyFrameCanBeCutOut() throws {
        let stream = try TestStream()
        let list = try MediaPlaylist(try stream.bytes("v90/iframes.m3u8"))
        #expect(list.entries.count == 13)
        for entry in list.entries {
            let range = try #require(entry.range)
            try stream.put(try stream.bytes("v90/init.mp4") + (try stream.bytes("v90/\(entry.uri)"))[range], "cut.mp4")
            let frames = try FFmpeg.probe(
                "\(stream.directory.path)/cut.mp4", "frame=pict_type,width", ["-read_intervals", "%+#1"])
            #expect(frames.first?.first == "160" && frames.first?.last == "I", "\(frames)")
        }
    }

    /// The muxer's own playlists lack what players need: that is why we write them.
    @Test func whatFFmpegsMuxerWritesIsNotEnough() throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        try ChildProcess.run([
            "ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=160x90:r=30:d=13", "-f", "lavfi", "-i",
            "sine=d=13", "-map", "0:v", "-map", "1:a", "-c:v", "libx264", "-preset", "veryfast", "-x264-params",
            "keyint=60:scenecut=0", "-c:a", "aac", "-ac", "2", "-f", "hls", "-hls_time", "6", "-hls_playlist_type", "vod",
            "-hls_segment_type", "fmp4", "-var_stream_map", "v:0,agroup:a a:0,agroup:a,language:en", "-master_pl_name",
            "master.m3u8", "-hls_segment_filename", directory.path + "/%v-%d.m4s", directory.path + "/%v.m3u8",
        ])
        let rules = Set(StreamCheck.findings(in: directory.path).map(\.rule))
        let expected: Set = [
            "average-bandwidth", "bandwidth", "channels", "dash-manifest", "frame-rate", "iframe-playlist",
            "independent-segments",
        ]
        #expect(rules.isSuperset(of: expected), "\(rules)")
        #expect(
            rules.isDisjoint(with: ["files-exist", "files-readable", "continuous-time", "extinf", "first-frame-idr"]), "\(rules)")
    }
}
