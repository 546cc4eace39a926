import AV
import FoundationEssentials
import Streaming
import TestSupport
import Testing

@testable import Transcoder

/// What is seen of a film that does not play.
@Suite(.timeLimit(.minutes(5))) struct StillsTests {
    private let shop = Workshop()

    private static func films(_ colours: [String], seconds: Int) -> String {
        let inputs = colours.map { "-f lavfi -i color=\($0):s=320x180:r=25:d=\(seconds)" }.joined(separator: " ")
        return "\(inputs) -filter_complex concat=n=\(colours.count) \(Workshop.x264) -qp 10"
    }

    /// Each second's picture shows that second.
    @Test func previewsShowTheirTime() async throws {
        let colours = ["red", "lime", "blue", "white", "black", "yellow"]
        let shown = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255], [0, 0, 0], [255, 255, 0]]
        _ = try await shop.result(try shop.film("a.mp4", Self.films(colours, seconds: 2)), .mp4)
        let cues = try shop.text("sprites.vtt").components(separatedBy: "\n\n").dropFirst().map(Self.cue)
        #expect(cues.count >= 12)
        for cue in cues {
            let pixel = try Self.colour(of: cue, in: shop)
            #expect(distance(pixel, shown[min(5, Int((cue.start + 0.01) / 2))]) < 60, "\(cue): \(pixel)")
        }
    }

    /// Films begin in the dark.
    @Test func thePosterIsNotBlack() async throws {
        let path = try shop.film(
            "a.mp4",
            "-f lavfi -i color=black:s=320x180:r=25:d=2 -f lavfi -i testsrc2=s=320x180:r=25:d=6 -filter_complex concat=n=2 "
                + Workshop.x264)
        _ = try await shop.result(path, .mp4)
        let raw = try MediaFile.make(
            "raw.gray", in: shop.directory,
            "-i \(shop.directory.path)/stream/poster.jpg -vf format=gray,scale=4:4:flags=area -f rawvideo")
        let levels = try Array(Data(contentsOf: URL(filePath: raw)))
        #expect(levels.count == 16 && levels.contains { $0 > 120 }, "\(levels)")
    }

    private struct Cue {
        let start: Double
        let file: String
        let x: Int, y: Int, width: Int, height: Int
    }

    /// `00:00:01.000 --> 00:00:02.000` and `sprites/1.jpg#xywh=160,0,160,90`.
    private static func cue(_ text: String) -> Cue {
        let lines = text.split(separator: "\n").filter { $0.contains("-->") || $0.contains("#xywh=") }
        let clock = lines[0].prefix(12).split(separator: ":").compactMap { Double($0) }
        let parts = lines[1].split(separator: "#")
        let box = parts[1].dropFirst(5).split(separator: ",").compactMap { Int($0) }
        return Cue(
            start: clock[0] * 3600 + clock[1] * 60 + clock[2], file: String(parts[0]), x: box[0], y: box[1], width: box[2],
            height: box[3])
    }

    private static func colour(of cue: Cue, in shop: Workshop) throws -> [Int] {
        let crop = "crop=\(cue.width):\(cue.height):\(cue.x):\(cue.y),format=rgb24,scale=1:1:flags=area"
        let raw = try MediaFile.make(
            "raw.rgb", in: shop.directory, "-i \(shop.directory.path)/stream/\(cue.file) -vf \(crop) -f rawvideo")
        return try Data(contentsOf: URL(filePath: raw)).prefix(3).map(Int.init)
    }
}
