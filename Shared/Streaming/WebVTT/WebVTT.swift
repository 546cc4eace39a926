/// WebVTT files: subtitles, and where the thumbnails of a sprite sheet lie. Source: W3C WebVTT, 4.
package enum WebVTT {
    /// One text and when it is shown, in seconds.
    package struct Cue: Sendable, Hashable {
        package let start: Double
        package let end: Double
        /// As it stands in the file: `&`, `<` and `>` are markup.
        package let payload: String

        /// Plain text of any origin; empty lines, which would end the cue, are left out.
        package init(start: Double, end: Double, text: String) {
            self.init(start: start, end: end, payload: Self.escaped(text))
        }

        init(start: Double, end: Double, payload: String) { (self.start, self.end, self.payload) = (start, end, payload) }

        private static func escaped(_ text: String) -> String {
            let lines = text.split { $0.isNewline }.filter { !$0.allSatisfy(\.isWhitespace) }
            return lines.map(escapedLine).joined(separator: "\n")
        }

        private static func escapedLine(_ line: Substring) -> String {
            line.unicodeScalars.reduce(into: "") { text, scalar in
                switch scalar {
                case "&": text += "&amp;"
                case "<": text += "&lt;"
                case ">": text += "&gt;"
                case _ where scalar.value < 0x20 || scalar.value == 0x7f: text += " "
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
    }

    package static func text(_ cues: [Cue]) -> String { "WEBVTT\n" + cues.map(\.lines).joined() }

    /// A segment for HLS: what is shown between `start` and `end`, in seconds; times stay those of the whole.
    /// - Parameter mediaStart: when the first picture is shown. Source: RFC 8216, 3.5.
    static func segment(_ cues: [Cue], from start: Double, to end: Double, mediaStart: Double) -> String {
        let ticks = Decimals.whole(max(0, mediaStart) * 90_000)
        let shown = cues.filter { $0.start < end && $0.end > start }
        return "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:\(ticks),LOCAL:00:00:00.000\n" + shown.map(\.lines).joined()
    }

    /// `01:02:03.456`.
    static func time(_ seconds: Double) -> String {
        let milliseconds = Decimals.whole(max(0, seconds) * 1000)
        let fields = [milliseconds / 3_600_000, milliseconds / 60_000 % 60, milliseconds / 1000 % 60]
        let text = fields.map { ($0 < 10 ? "0" : "") + String($0) }.joined(separator: ":")
        return text + "." + String(String(1000 + milliseconds % 1000).dropFirst())
    }
}

extension WebVTT.Cue {
    fileprivate var lines: String { "\n\(WebVTT.time(start)) --> \(WebVTT.time(end))\n\(payload)\n" }
}
