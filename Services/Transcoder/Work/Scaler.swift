import AV

/// Brings pictures to the size and the colours of one rendition: 4:2:0, 8 bits, limited range, BT.709, square pixels.
final class Scaler {
    private let width: Int
    private let height: Int
    private let format: String
    private let colours: SourceColours
    private var filters: FilterGraph?
    private var shape: FrameShape?
    private var first: FrameShape?

    /// - Parameter format: a pixel format of libavutil, with what must be said of its colours.
    init(width: Int, height: Int, colours: SourceColours, format: String = "yuv420p") {
        self.width = width
        self.height = height
        self.format = format
        self.colours = colours
    }

    /// - Parameter scaled: what becomes of `picture`.
    func scale(_ picture: borrowing Frame, into scaled: borrowing Frame) throws(AVError) {
        let shape = picture.shape
        if shape != self.shape {
            filters = try FilterGraph(like: picture, timeBase: .one, chain(for: shape))
            self.shape = shape
            first = first ?? shape
        }
        try filters?.push(picture)
        guard try filters?.pull(into: scaled) == true else { throw AVError(.other, "a picture was not scaled") }
    }

    /// What changes its shape in mid-stream keeps it, between bars.
    private func chain(for shape: FrameShape) -> String {
        let range = format == "yuvj420p" ? "pc" : "tv"
        let matrix = format == "yuvj420p" ? "bt601" : "bt709"
        let colours = "flags=bicubic:in_color_matrix=\(colours.matrix(of: shape)):out_color_matrix=\(matrix):out_range=\(range)"
        guard let first, !shape.looksLike(first) else {
            return "scale=\(width):\(height):\(colours),format=\(format),setsar=1"
        }
        let (w, h) = shape.fitting(width, height)
        return "scale=\(w):\(h):\(colours),format=\(format),setsar=1,pad=\(width):\(height):-1:-1"
    }
}

/// What is known of the colours of a whole video, for pictures that do not say it themselves.
struct SourceColours: Sendable, Hashable {
    /// `bt709`, `bt601`, …: as libswscale calls it; nil where the file does not say.
    var matrix: String?

    func matrix(of shape: FrameShape) -> String { matrix ?? (shape.height >= 720 ? "bt709" : "bt601") }
}

extension FrameShape {
    /// Whether pictures have the same aspect, to one in a hundred.
    func looksLike(_ other: FrameShape) -> Bool {
        let aspect = { (shape: FrameShape) in shape.pixelAspect.value * Double(shape.width) / Double(shape.height) }
        return abs(aspect(self) / aspect(other) - 1) < 0.01
    }
}
