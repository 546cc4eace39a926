import ArgumentParser
import Events
import FoundationEssentials
import Vips

/// The limit: the pictures' work alone, decode, resize and encode, in one process without any service around it.
struct Direct: AsyncParsableCommand {
    @Argument(help: "A JPEG.") var file: String
    @Option(help: "How many times.") var count = 100
    @Option(help: "How many at once.") var threads = 2

    func run() async throws {
        try Vips.start()
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: file)))
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for thread in 0..<threads {
                let share = (count + threads - 1 - thread) / threads
                group.addTask { for _ in 0..<share { try Self.work(bytes) } }
            }
            try await group.waitForAll()
        }
        let seconds = (ContinuousClock.now - start).seconds
        try show(["seconds": seconds, "photosPerSecond": Double(count) / seconds])
    }

    /// What metadata and variants ask of libvips for one photo with the default settings.
    private static func work(_ bytes: [UInt8]) throws {
        _ = try ImageFile(bytes, loader: .jpeg).pixels(shortSide: 512)
        let large = try ImageFile(bytes, loader: .jpeg).thumbnail(fitting: Box(side: 1280))
        for encoder in [ImageEncoder.webp, .jpeg] { _ = try large.encoded(as: encoder, quality: 80) }
        let box = Box(side: 320).fitting(width: large.width, height: large.height)
        let small = try large.smaller(width: box.width, height: box.height)
        for encoder in [ImageEncoder.webp, .jpeg] { _ = try small.encoded(as: encoder, quality: 80) }
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

/// Prints figures as one line of JSON, to the millisecond.
func show(_ figures: [String: Double]) throws {
    let rounded = figures.mapValues { ($0 * 1000).rounded() / 1000 }
    print(String(decoding: try EventCoding.encode(rounded), as: UTF8.self))
}
