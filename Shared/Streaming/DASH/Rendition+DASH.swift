extension Rendition {
    /// Source: ISO/IEC 23009-1, 5.3.9.4 and 5.3.9.6.
    var segmentTemplate: XMLElement {
        var template = XMLElement(
            "SegmentTemplate",
            [
                "timescale": String(track.timescale), "initialization": "\(escapedFolder)/\(Rendition.initialization)",
                "media": "\(escapedFolder)/$Number%05d$.m4s", "startNumber": "1",
            ], [XMLElement("SegmentTimeline", [:], timeline)])
        // The edit list's beginning of the media is the beginning of the period.
        if track.editShift < 0 { template.add("presentationTimeOffset", String(-track.editShift)) }
        return template
    }

    /// Runs of segments that last equally long, in times of the media.
    private var timeline: [XMLElement] {
        var runs: [(time: Int64, duration: Int64, count: Int)] = []
        for segment in segments {
            let time = segment.firstShown - track.editShift
            if let last = runs.last, last.duration == segment.duration, last.time + last.duration * Int64(last.count) == time {
                runs[runs.count - 1].count += 1
            } else {
                runs.append((time, segment.duration, 1))
            }
        }
        return runs.map { run in
            var element = XMLElement("S", ["t": String(max(0, run.time)), "d": String(run.duration)])
            if run.count > 1 { element.add("r", String(run.count - 1)) }
            return element
        }
    }

    /// `$` stands for itself only when it is doubled.
    private var escapedFolder: String { folder.replacing("$", with: "$$") }

    /// Source: ISO/IEC 23001-8, ChannelConfiguration: 7 is 7.1.
    var channelConfiguration: [XMLElement] {
        guard let channels = track.channels, (1...8).contains(channels) else { return [] }
        let scheme = "urn:mpeg:dash:23003:3:audio_channel_configuration:2011"
        let value = String(channels == 8 ? 7 : channels)
        return [XMLElement("AudioChannelConfiguration", ["schemeIdUri": scheme, "value": value])]
    }

    /// `30000/1001`; exact where all frames last equally long.
    var frameRateFraction: String {
        let (shortest, longest) = (segments.map(\.shortestSample).min() ?? 0, segments.map(\.longestSample).max() ?? 0)
        guard shortest == longest, shortest > 0 else { return Self.fraction(Decimals.whole(frameRate * 1000), 1000) }
        return Self.fraction(track.timescale, shortest)
    }

    private static func fraction(_ numerator: Int, _ denominator: Int) -> String {
        var (a, b) = (numerator, denominator)
        while b > 0 { (a, b) = (b, a % b) }
        guard a > 0 else { return "0" }
        return denominator == a ? String(numerator / a) : "\(numerator / a)/\(denominator / a)"
    }
}
