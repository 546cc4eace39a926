extension StreamRule {
    static let variants = [codecs, resolution, frameRate, frameRateLimit, videoRange, avcProfile, progressive]

    /// CODECS names exactly what the variant and its groups are coded with; text may be named.
    ///
    /// Source: RFC 8216, 4.3.4.2; HLS Authoring, 9.1, 9.3, 5.10.
    static let codecs = StreamRule("codecs", "RFC 8216, 4.3.4.2; HLS Authoring 9.1 and 9.3") { stream in
        stream.variants.compactMap { variant in
            guard let found = stream.codecs(of: variant) else { return nil }
            let list = variant.attributes.string("CODECS")?.lowercased() ?? ""
            let declared = list.split(separator: ",").map { String($0.drop { $0 == " " }) }.filter { $0 != "wvtt" }
            guard Set(declared) != Set(found) else { return nil }
            return Violation(variant, "CODECS is \"\(list)\", the media is \"\(found.joined(separator: ","))\"")
        }
    }

    /// RESOLUTION is the size at which the video is shown. Source: RFC 8216, 4.3.4.2; HLS Authoring, 9.2, 9.4.
    static let resolution = StreamRule("resolution", "RFC 8216, 4.3.4.2; HLS Authoring 9.2 and 9.4") { stream in
        stream.variants.compactMap { variant in
            guard let size = stream.playlist(variant.path)?.track?.size else { return nil }
            let found = "\(size.width)x\(size.height)"
            let declared = variant.attributes.resolution("RESOLUTION").map { "\($0.width)x\($0.height)" }
            return declared == found ? nil : Violation(variant, "RESOLUTION is \(declared ?? "missing"), the video has \(found)")
        }
    }

    /// FRAME-RATE is the number of frames a second, rounded to three places. Source: RFC 8216, 4.3.4.2; HLS Authoring, 9.15.
    static let frameRate = StreamRule("frame-rate", "RFC 8216, 4.3.4.2; HLS Authoring 9.15") { stream in
        stream.variants.filter { !$0.declared.isIFramesOnly }.compactMap { variant in
            guard let video = stream.video(of: variant) else { return nil }
            let declared = variant.attributes.decimal("FRAME-RATE")
            let found = Decimals.text(video.frameRate, digits: 3)
            if let declared, abs(declared - video.frameRate) <= 0.002 { return nil }
            return Violation(
                variant, "FRAME-RATE is \(declared.map { Decimals.text($0, digits: 3) } ?? "missing"), the video has \(found)")
        }
    }

    /// No more than 60 frames a second. Source: HLS Authoring, 1.19.
    static let frameRateLimit = StreamRule("frame-rate-limit", "HLS Authoring 1.19") { stream in
        stream.videos.filter { $0.frameRate > 60.01 }.map { playlist in
            Violation(playlist.path, "\(Decimals.text(playlist.frameRate, digits: 3)) frames a second")
        }
    }

    /// VIDEO-RANGE is that of the transfer function in `colr`, or else in H.264's own parameters; without either, SDR is said.
    ///
    /// Source: draft-pantos-hls-rfc8216bis, 4.4.6.2; HLS Authoring, 9.16.
    static let videoRange = StreamRule("video-range", "HLS Authoring 9.16") { stream in
        stream.variants.compactMap { variant in
            guard let track = stream.playlist(variant.path)?.track, track.isVideo else { return nil }
            let declared = variant.attributes.enumerated("VIDEO-RANGE") ?? "SDR"
            guard declared != track.videoRange.rawValue else { return nil }
            return Violation(variant, "VIDEO-RANGE is \(declared), the video is \(track.videoRange.rawValue)")
        }
    }

    /// H.264 is of the High profile at most: 4:2:0 with 8 bits. Source: HLS Authoring, 1.3.
    static let avcProfile = StreamRule("avc-profile", "HLS Authoring 1.3") { stream in
        (stream.videos + stream.iFrames).compactMap { playlist in
            guard let codecs = playlist.track?.codecs, codecs.hasPrefix("avc"),
                let profile = Int(codecs.dropFirst(5).prefix(2), radix: 16), ![66, 77, 88, 100].contains(profile)
            else { return nil }
            return Violation(playlist.path, "H.264 of the profile \(profile) (\(codecs))")
        }
    }

    /// Frames are no pairs of fields. Source: HLS Authoring, 1.14.
    static let progressive = StreamRule("progressive", "HLS Authoring 1.14") { stream in
        (stream.videos + stream.iFrames).filter { $0.track?.isInterlaced == true }.map { Violation($0.path, "is interlaced") }
    }
}

extension StreamRule.Violation {
    /// Of a line in the master playlist.
    init(_ variant: CheckedVariant, _ message: String) {
        self.init(CheckedStream.master, "\(variant.declared.uri.prefix(100)): \(message)")
    }
}

extension CheckedPlaylist {
    /// Frames a second.
    var frameRate: Double {
        let duration = measuredDuration
        return duration > 0 ? Double(segments.reduce(0) { $0 + $1.samples }) / duration : 0
    }
}

extension CheckedStream {
    func video(of variant: CheckedVariant) -> CheckedPlaylist? { videos.first { $0.path == variant.path } }

    /// The playlists of the group that an attribute of the variant names.
    func group(_ type: String, of variant: CheckedVariant) -> [CheckedPlaylist] {
        guard let name = variant.attributes.string(type) else { return [] }
        return media.filter { $0.type == type && $0.group == name }.compactMap { playlist($0.path) }
    }

    /// Nil where not all of it could be read.
    func codecs(of variant: CheckedVariant) -> [String]? {
        guard let own = playlist(variant.path)?.track else { return nil }
        let tracks = group("AUDIO", of: variant).map(\.track)
        guard tracks.allSatisfy({ $0 != nil }) else { return nil }
        return ([own] + tracks.compactMap(\.self)).map { $0.codecs.lowercased() }.uniqued
    }
}
