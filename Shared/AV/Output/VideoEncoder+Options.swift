internal import CAV

extension VideoEncoderSettings {
    /// libavcodec's private options. What an encoder does not know is an error, not ignored.
    var options: [String: String] {
        switch codec {
        case .x264: x264
        case .x265: x265
        case .svtAV1: svtAV1
        case .nvencH264: nvenc
        }
    }

    private var capped: [String: String] {
        ["maxrate": "\(maxBitRate)", "bufsize": "\(Int(Double(maxBitRate) * bufferSeconds))"]
    }

    /// Key frames come where they are asked for and nowhere else; `stitchable` keeps the headers free of the content, so that
    /// ranges of one media fit together.
    private var x264: [String: String] {
        let parameters = "scenecut=0:open-gop=0:stitchable=1"
        return capped.merging([
            "preset": preset, "crf": "\(quality)", "profile": "high", "forced-idr": "1", "a53cc": "0", "x264-params": parameters,
        ]) { $1 }
    }

    private var x265: [String: String] {
        let pools = threads > 1 ? "\(threads)" : "none"
        let parameters = "scenecut=0:open-gop=0:log-level=error:repeat-headers=0:pools=\(pools):frame-threads=1"
        return capped.merging([
            "preset": preset, "crf": "\(quality)", "forced-idr": "1", "x265-params": parameters,
        ]) { $1 }
    }

    /// Its key frames lie on a fixed grid, which is ours.
    private var svtAV1: [String: String] {
        capped.merging(["preset": preset, "crf": "\(quality)", "svtav1-params": "scd=0:lp=\(threads)"]) { $1 }
    }

    private var nvenc: [String: String] {
        capped.merging([
            "preset": preset, "rc": "vbr", "cq": "\(quality)", "profile": "high", "forced-idr": "1", "no-scenecut": "1",
            "strict_gop": "1", "a53cc": "0",
        ]) { $1 }
    }

    /// The tag that players expect in an MP4's sample entry.
    var tag: UInt32 {
        switch codec {
        case .x265: fourCC("hvc1")
        case .x264, .nvencH264, .svtAV1: 0
        }
    }

    private func fourCC(_ text: StaticString) -> UInt32 {
        text.withUTF8Buffer { $0.reversed().reduce(0) { $0 << 8 | UInt32($1) } }
    }
}
