import AV
import Streaming

/// Pictures that stand still, made of what the first pass decodes anyway: a poster, thumbnails of it, and sheets of small pictures
/// for previews while hovering over a time line.
final class Stills: PictureConsumer {
    static let poster = "poster.jpg"
    static let sprites = "sprites.vtt"
    private static let columns = 10

    struct Thumbnail: Sendable, Hashable, Codable {
        let name: String
        let width: Int
        let height: Int
        let format: String
        let bytes: Int
    }

    private let output: JobFolder
    private let cadence: Cadence
    private let colours: SourceColours
    private let size: (width: Int, height: Int)
    private let spriteSize: (width: Int, height: Int)
    private let rows: Int
    /// Slots from one small picture to the next.
    private let interval: Int
    private let scaler: Scaler
    private let small: Frame
    private let best: Frame
    private var bestContrast = -1.0
    private let lastCandidate: Int

    private var sheet: FilterGraph?
    private let tiled: Frame
    private var sheets = 0
    private var count = 0
    private var end = 0
    private(set) var thumbnails: [Thumbnail] = []

    init(_ plan: TranscodePlan, _ video: TranscodePlan.Video, colours: SourceColours, into output: JobFolder) throws(AVError) {
        self.output = output
        self.colours = colours
        cadence = plan.cadence
        let top = video.rungs.first
        size = (top?.width ?? 2, top?.height ?? 2)
        spriteSize = Self.fitting(size, side: 160)
        let duration = plan.duration ?? 0
        interval = Self.interval(duration, plan.cadence)
        let expected = Int(duration / plan.cadence.seconds(interval)) + 1
        rows = max(1, min(10, (expected + Self.columns - 1) / Self.columns))
        lastCandidate = plan.cadence.slot(at: max(3, min(30, duration / 3)))
        scaler = Scaler(width: spriteSize.width, height: spriteSize.height, colours: colours, format: "yuvj420p")
        small = try Frame()
        best = try Frame()
        tiled = try Frame()
    }

    /// About a second for what is short, and not many more than a thousand pictures for what is long.
    private static func interval(_ duration: Double, _ cadence: Cadence) -> Int {
        guard duration > 60 else { return max(1, cadence.keyInterval / 2) }
        return cadence.keyInterval * max(1, Int((duration / 2000).rounded(.up)))
    }

    func show(_ picture: borrowing Frame, slots: Range<Int>) throws(AVError) {
        end = slots.upperBound
        let first = (slots.lowerBound + interval - 1) / interval * interval
        guard first < slots.upperBound else { return }
        try scaler.scale(picture, into: small)
        let contrast = small.contrast
        if contrast > bestContrast * 1.1, bestContrast < 0 || first <= lastCandidate {
            bestContrast = contrast
            try best.refer(to: picture)
        }
        for _ in stride(from: first, to: slots.upperBound, by: interval) { try tile() }
    }

    func finish() throws(AVError) {
        guard count > 0 else { return }
        try sheet?.finish()
        try takeSheets()
        let layout = SpriteSheet(
            columns: Self.columns, rows: rows, width: spriteSize.width, height: spriteSize.height,
            interval: cadence.seconds(interval))
        let text = layout.webVTT(count: count, duration: cadence.seconds(end), pictureName: Self.sheetName)
        try output.write(Self.sprites, Array(text.utf8))
        try writePoster()
    }

    private func tile() throws(AVError) {
        if sheet == nil {
            sheet = try FilterGraph(like: small, timeBase: .one, "tile=\(Self.columns)x\(rows)")
        }
        small.mark = count
        count += 1
        try sheet?.push(small)
        try takeSheets()
    }

    private func takeSheets() throws(AVError) {
        while try sheet?.pull(into: tiled) == true {
            sheets += 1
            let size = (width: spriteSize.width * Self.columns, height: spriteSize.height * rows)
            try output.write(Self.sheetName(sheets), try Self.encoded(tiled, .jpeg, size, quality: 75))
        }
    }

    private static func sheetName(_ number: Int) -> String { "sprites/\(number).jpg" }

    private func writePoster() throws(AVError) {
        try output.write(Self.poster, try still(.jpeg, size, quality: 88))
        for side in [1280, 320] {
            let size = Self.fitting(size, side: side)
            guard !thumbnails.contains(where: { $0.width == size.width }) else { continue }
            for format in [StillCodec.webp, .jpeg] {
                let bytes = try still(format, size, quality: 80)
                let name = "thumbnails/\(size.width)x\(size.height).\(format.name)"
                try output.write(name, bytes)
                thumbnails.append(
                    Thumbnail(name: name, width: size.width, height: size.height, format: format.name, bytes: bytes.count))
            }
        }
    }

    private func still(_ codec: StillCodec, _ size: (width: Int, height: Int), quality: Int) throws(AVError) -> [UInt8] {
        let format = codec == .jpeg ? "yuvj420p" : "yuv420p"
        let scaler = Scaler(width: size.width, height: size.height, colours: colours, format: format)
        let scaled = try Frame()
        try scaler.scale(best, into: scaled)
        return try Self.encoded(scaled, codec, size, quality: quality)
    }

    private static func encoded(
        _ frame: borrowing Frame, _ codec: StillCodec, _ size: (width: Int, height: Int), quality: Int
    ) throws(AVError) -> [UInt8] {
        let encoder = try Encoder(still: codec, width: size.width, height: size.height, quality: quality)
        let packet = try Packet()
        try encoder.send(frame, number: 0)
        try encoder.finish()
        guard try encoder.receive(into: packet) else { throw AVError(.other, "no picture came out of its encoder") }
        return packet.bytes
    }

    /// Within a square, never enlarged; even, as the encoders want it.
    private static func fitting(_ size: (width: Int, height: Int), side: Int) -> (width: Int, height: Int) {
        let factor = min(1, Double(side) / Double(max(size.width, size.height)))
        let even = { (length: Int) in max(2, Int((Double(length) * factor / 2).rounded()) * 2) }
        return (even(size.width), even(size.height))
    }
}

extension StillCodec {
    /// As file names and types say it.
    var name: String {
        switch self {
        case .jpeg: "jpeg"
        case .webp: "webp"
        }
    }
}
