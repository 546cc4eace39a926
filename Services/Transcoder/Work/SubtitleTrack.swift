import AV
import Streaming

/// The texts of one stream of subtitles, plain: what containers hold of SubRip, WebVTT, ASS and MP4's own format.
struct SubtitleTrack {
    let stream: MediaStream
    private(set) var cues: [WebVTT.Cue] = []

    /// More is no film's.
    private static let maxCues = 20_000
    private static let maxBytes = 4096

    init(_ stream: MediaStream) { self.stream = stream }

    mutating func take(_ packet: borrowing Packet) {
        guard let time = packet.time, packet.duration > 0, cues.count < Self.maxCues, packet.size <= Self.maxBytes else { return }
        let text = Self.plain(Self.text(packet.bytes, stream.codec))
        guard text.contains(where: { !$0.isWhitespace }) else { return }
        let tick = stream.timeBase.value
        let start = max(0, Double(time) * tick)
        let end = Double(time.addingReportingOverflow(packet.duration).partialValue) * tick
        // Shorter ones would begin and end in the same millisecond.
        guard end - start >= 0.002, end < 1e6 else { return }
        cues.append(WebVTT.Cue(start: start, end: end, text: text))
    }

    /// The packet's words, still with marks.
    static func text(_ bytes: [UInt8], _ codec: String) -> String {
        switch codec {
        case "mov_text":
            // Length, text, and then boxes about its style. Source: 3GPP TS 26.245, 5.17.
            guard bytes.count >= 2 else { return "" }
            let length = Int(bytes[0]) << 8 | Int(bytes[1])
            return String(decoding: bytes.dropFirst(2).prefix(length), as: UTF8.self)
        case "ass", "ssa":
            // ReadOrder, Layer, Style, Name, three margins, Effect, and the rest is text.
            let fields = String(decoding: bytes, as: UTF8.self).split(
                separator: ",", maxSplits: 8, omittingEmptySubsequences: false)
            return fields.count == 9 ? String(fields[8]) : ""
        default: return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Without `<i>`, `{\an8}` and the like.
    static func plain(_ text: String) -> String {
        var (result, closing) = ("", Character?.none)
        var rest = Substring(text)
        while let character = rest.popFirst() {
            if let end = closing {
                if character == end { closing = nil }
            } else if character == "<", rest.first.map({ $0.isLetter || $0 == "/" }) ?? false, rest.contains(">") {
                closing = ">"
            } else if character == "{", rest.first == "\\", rest.contains("}") {
                closing = "}"
            } else if character == "\\", rest.first == "N" || rest.first == "n" {
                rest.removeFirst()
                result.append("\n")
            } else {
                result.append(character)
            }
        }
        return result
    }
}
