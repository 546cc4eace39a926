import Events
import FoundationEssentials
import Messaging
import TestSupport
import Testing

@testable import Metadata

/// Films with changed bytes: each is answered, or refused as the media's own fault, in time.
@Suite(.timeLimit(.minutes(5))) struct FilmFuzzTests {
    private static let mutantsOfEach = 12

    @Test(arguments: [
        (MediaFormat.mp4, "-c:v libx264 -c:a aac"),
        (.mp4, "-c:v libx265 -x265-params log-level=none -movflags frag_keyframe+empty_moov"),
        (.mkv, "-c:v libx264 -c:a flac"), (.webm, "-c:v libvpx-vp9 -cpu-used 8 -deadline realtime -c:a libopus"),
        (.mpegts, "-f mpegts -c:v mpeg2video -c:a mp2"), (.avi, "-c:v mpeg4 -c:a ac3"), (.ogv, "-c:v libtheora -c:a libvorbis"),
        (.mov, "-c:v prores -pix_fmt yuv422p10le -c:a pcm_s16le"),
    ])
    func changedBytes(_ format: MediaFormat, _ codecs: String) async throws {
        let rig = try FilmRig(["MILLRACE_PROBE_TIMEOUT": "20s"])
        let inputs = "-f lavfi -i testsrc2=s=160x90:r=25:d=1 -f lavfi -i sine=d=1:r=48000 -ac 2 -g 10"
        let pixels = codecs.contains("pix_fmt") ? "" : " -pix_fmt yuv420p"
        let path = try MediaFile.make("seed.\(format.rawValue)", in: rig.directory, "\(inputs)\(pixels) \(codecs)")
        let seed = [UInt8](try Data(contentsOf: URL(filePath: path)))
        var random = SeededGenerator(seed: UInt64(seed.count))
        for _ in 0..<Self.mutantsOfEach {
            let code = try await rig.refusal(format, mutant(of: seed, &random))
            #expect([nil, .corruptMedia, .unsupportedMediaType, .limitExceeded].contains(code))
        }
        #expect(rig.leftovers.isEmpty)
    }

    /// A few bytes, mostly of the header; or noise in a stretch; or an end that is missing.
    private func mutant(of seed: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = seed
        let places = Bool.random(using: &random) ? min(3000, seed.count) : seed.count
        for _ in 0..<Int.random(in: 1...30, using: &random) {
            let value = [0, 0xff, UInt8.random(in: 0...255, using: &random)].randomElement(using: &random)
            bytes[Int.random(in: 0..<places, using: &random)] = value ?? 0
        }
        if Int.random(in: 0..<4, using: &random) == 0 {
            let start = Int.random(in: 0..<seed.count - 1000, using: &random)
            for place in start..<start + 1000 { bytes[place] = .random(in: 0...255, using: &random) }
        }
        if Int.random(in: 0..<4, using: &random) == 0 { bytes.removeLast(Int.random(in: 0..<seed.count / 2, using: &random)) }
        return bytes
    }
}
