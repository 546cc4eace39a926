extension StreamRule {
    static let dash = [dashManifest, dashSegments, dashDuration, dashAttributes]

    /// There is a static `manifest.mpd`. Source: Millrace; ISO/IEC 23009-1, 5.3.1.
    static let dashManifest = StreamRule("dash-manifest", "ISO/IEC 23009-1, 5.3.1") { stream in
        if stream.manifest?.isStatic == false { return [Violation(DASHWriter.manifest, "is not static")] }
        let isKnown = stream.manifest != nil || stream.faults.contains { $0.file == DASHWriter.manifest }
        return isKnown ? [] : [Violation(DASHWriter.manifest, "is not there")]
    }

    /// DASH names the same initialisation and media segments as HLS, and all of them. Source: Millrace; ISO/IEC 23000-19, 7.
    static let dashSegments = StreamRule("dash-segments", "Millrace") { stream in
        guard let manifest = stream.manifest else { return [] }
        let known = Set(stream.playlists.filter { $0.role != .subtitles }.map(\.files))
        let representations = manifest.representations.filter { $0.content != "text" }
        let named = Set(representations.map(\.files))
        let unknown = representations.filter { !known.contains($0.files) }.map { representation in
            Violation(DASHWriter.manifest, "Representation \(representation.id) names other segments than HLS")
        }
        let missing = stream.playlists.filter { ($0.role == .video || $0.role == .sound) && !named.contains($0.files) }
        return unknown + missing.map { Violation(DASHWriter.manifest, "no Representation has the segments of \($0.path)") }
    }

    /// The presentation and every representation last as long as the media, to a frame.
    ///
    /// Source: ISO/IEC 23009-1, 5.3.1.2.
    static let dashDuration = StreamRule("dash-duration", "ISO/IEC 23009-1, 5.3.1.2") { stream in
        guard let manifest = stream.manifest, stream.duration > 0 else { return [] }
        let slack = (stream.videos + stream.sounds).map(\.longestSample).max() ?? 0
        var found: [Violation] = []
        if abs((manifest.duration ?? 0) - stream.duration) > slack {
            let message =
                "mediaPresentationDuration is \(seconds(manifest.duration ?? 0)), the media lasts \(seconds(stream.duration))"
            found.append(Violation(DASHWriter.manifest, message))
        }
        return found
            + stream.described.compactMap { representation, playlist in
                let length = representation.duration ?? 0
                guard abs(length - playlist.measuredDuration) > slack else { return nil }
                let (told, measured) = (seconds(length), seconds(playlist.measuredDuration))
                return Violation(DASHWriter.manifest, "\(representation.id): its timeline lasts \(told), the media \(measured)")
            }
    }

    /// Codecs, size, language and bandwidth (to 1 %) of a representation are those of its media.
    ///
    /// Source: ISO/IEC 23009-1, 5.3.5.2 and 5.3.7.2.
    static let dashAttributes = StreamRule("dash-attributes", "ISO/IEC 23009-1, 5.3.5.2 and 5.3.7.2") { stream in
        stream.described.flatMap { representation, playlist in
            guard let track = playlist.track else { return [Violation]() }
            let peak = playlist.rate.peak
            let size = track.size.map { [$0.width, $0.height] } ?? []
            let language = stream.media.first { $0.path == playlist.path }?.attributes.string("LANGUAGE")
            var found: [String] = []
            if representation.codecs != track.codecs {
                found.append("codecs is \(representation.codecs ?? "missing"), not \(track.codecs)")
            }
            if representation.size != size { found.append("width and height are \(representation.size), not \(size)") }
            if let language, representation.language != language {
                found.append("lang is \(representation.language ?? "missing"), not \(language)")
            }
            if abs(Double(representation.bandwidth ?? 0) - peak) > peak / 100 + 1 {
                found.append("bandwidth is \(representation.bandwidth ?? 0), measured \(Decimals.text(peak, digits: 0))")
            }
            return found.map { Violation(DASHWriter.manifest, "\(representation.id): \($0)") }
        }
    }
}

extension CheckedStream {
    /// Representations with the playlist of the same segments.
    fileprivate var described: [(Manifest.Representation, CheckedPlaylist)] {
        let known = Dictionary((videos + sounds).map { ($0.files, $0) }) { first, _ in first }
        return (manifest?.representations ?? []).compactMap { representation in
            known[representation.files].map { (representation, $0) }
        }
    }
}

extension Manifest.Representation {
    /// The initialisation segment and the segments behind it, below the stream's folder.
    fileprivate var files: [String?] { ([initialization] + media).map { $0.flatMap { StreamURI.path($0, from: "") } } }
}

extension CheckedPlaylist {
    fileprivate var files: [String?] { [map] + parts.map(\.path).uniqued }
}
