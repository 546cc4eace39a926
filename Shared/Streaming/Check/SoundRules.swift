extension StreamRule {
    static let sounds = [groups, languages, channels, stereoAAC]

    /// Every group that is named is there; its members have names of their own and at most one is the default, chosen by itself.
    ///
    /// Source: RFC 8216, 4.3.4.1, 4.3.4.1.1 and 4.3.4.2.
    static let groups = StreamRule("groups", "RFC 8216, 4.3.4.1.1 and 4.3.4.2") { stream in
        let missing = stream.variants.flatMap { variant in
            ["AUDIO", "SUBTITLES"].compactMap { type in
                let name = variant.attributes.string(type)
                guard let name, !stream.media.contains(where: { $0.type == type && $0.group == name }) else {
                    return Violation?.none
                }
                return Violation(variant, "no EXT-X-MEDIA of the \(type) group \"\(name)\"")
            }
        }
        return missing
            + stream.media.map { [$0.type, $0.group] }.uniqued.flatMap { key in
                irregular(stream.media.filter { [$0.type, $0.group] == key })
            }
    }

    private static func irregular(_ members: [CheckedMedia]) -> [Violation] {
        let label = members.first.map { "\($0.type ?? "?") group \"\($0.group ?? "")\"" } ?? ""
        let names = members.map { $0.attributes.string("NAME") }
        let defaults = members.filter { $0.attributes.enumerated("DEFAULT") == "YES" }
        var found: [String] = []
        if names.contains(nil) || members.contains(where: { $0.group == nil }) { found.append("NAME or GROUP-ID is missing") }
        if Set(names).count < names.count { found.append("two members have the same NAME") }
        if defaults.count > 1 { found.append("\(defaults.count) members with DEFAULT=YES") }
        if defaults.contains(where: { $0.attributes.enumerated("AUTOSELECT") == "NO" }) {
            found.append("DEFAULT=YES, but AUTOSELECT=NO")
        }
        return found.map { Violation(CheckedStream.master, "\(label): \($0)") }
    }

    /// Every rendition of sound and text has a LANGUAGE, which is a tag of BCP 47.
    ///
    /// Source: HLS Authoring, 8.10 and 4.7; RFC 8216, 4.3.4.1.
    static let languages = StreamRule("language", "HLS Authoring 8.10 and RFC 8216, 4.3.4.1") { stream in
        stream.media.filter { $0.type != "VIDEO" }.compactMap { media in
            let language = media.attributes.string("LANGUAGE") ?? ""
            guard !LanguageTag.isWellFormed(language) else { return nil }
            let fault = language.isEmpty ? "no LANGUAGE" : "LANGUAGE is \"\(language)\""
            return Violation(CheckedStream.master, "\(media.label): \(fault)")
        }
    }

    /// CHANNELS is the number of channels. Source: RFC 8216, 4.3.4.1.
    static let channels = StreamRule("channels", "RFC 8216, 4.3.4.1") { stream in
        stream.media.filter { $0.type == "AUDIO" }.compactMap { media in
            guard let found = stream.playlist(media.path)?.track?.channels else { return nil }
            let declared = media.attributes.string("CHANNELS")
            guard declared?.prefix(while: { $0 != "/" }) != Substring(String(found)) else { return nil }
            return Violation(CheckedStream.master, "\(media.label): CHANNELS is \(declared ?? "missing"), the sound has \(found)")
        }
    }

    /// Where there is sound, some of it is AAC with one or two channels. Source: HLS Authoring, 2.3.
    static let stereoAAC = StreamRule("stereo-aac", "HLS Authoring 2.3") { stream in
        let tracks = stream.playlists.filter { $0.role == .sound }.compactMap(\.track)
        guard !tracks.isEmpty, !tracks.contains(where: { $0.codecs.hasPrefix("mp4a.40.") && $0.channels ?? 0 <= 2 }) else {
            return []
        }
        let found = tracks.map { "\($0.codecs) with \($0.channels ?? 0) channels" }.joined(separator: ", ")
        return [Violation(CheckedStream.master, "no stereo AAC, but \(found)")]
    }
}
