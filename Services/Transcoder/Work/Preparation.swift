import AV

/// What is done to each picture once, before the renditions scale it: one out, for one in.
///
/// Interlaced pictures become progressive, turned ones upright, and what has other colours than BT.709 gets those, already in the largest size
/// that is wanted: HDR is tone-mapped with Möbius' curve; the wide gamuts of SDR (BT.2020, Display P3) are converted, not only renamed.
struct Preparation: Sendable, Hashable {
    let picture: MediaStream.Picture
    /// The largest rendition, as displayed.
    let width: Int
    let height: Int
    let threads: Int

    /// libavfilter's chain; nil where there is nothing to do.
    /// - Parameters:
    ///   - shape: of the pictures that it is for.
    ///   - first: of the video's first picture, which the renditions have the shape of.
    func chain(for shape: FrameShape, first: FrameShape, isInterlaced: Bool) -> String? {
        let fields = isInterlaced ? ["bwdif=mode=send_frame:deint=interlaced"] : []
        let chain = fields + conversion(shape, first) + turn
        return chain.isEmpty ? nil : chain.joined(separator: ",")
    }

    private var turn: [String] {
        switch picture.orientation {
        case .upright: []
        case .mirrored: ["hflip"]
        case .halfTurn: ["hflip", "vflip"]
        case .flipped: ["vflip"]
        case .transposed: ["transpose=cclock_flip"]
        case .quarterTurn: ["transpose=clock"]
        case .transversed: ["transpose=clock_flip"]
        case .threeQuarterTurn: ["transpose=cclock"]
        }
    }

    private var isConverted: Bool { picture.colour.dynamicRange != .sdr || picture.colour.wideGamut != nil }

    /// What changes its shape in mid-stream keeps it, between bars.
    private func conversion(_ shape: FrameShape, _ first: FrameShape) -> [String] {
        guard isConverted else { return [] }
        let (w, h) = picture.orientation.swapsSides ? (height, width) : (width, height)
        let size = shape.looksLike(first) ? (w, h) : shape.fitting(w, h)
        // libzimg takes no odd sides where colours are halved.
        let isOdd = !shape.width.isMultiple(of: 2) || !shape.height.isMultiple(of: 2)
        let even = isOdd ? ["crop=\(max(2, shape.width & ~1)):\(max(2, shape.height & ~1)):0:0"] : []
        let bars = size == (w, h) ? [] : ["pad=\(w):\(h):-1:-1"]
        return even + colours(size) + ["format=yuv420p", "setsar=1"] + bars
    }

    private func colours(_ size: (Int, Int)) -> [String] {
        let colour = picture.colour
        let range = colour.range == "pc" ? "full" : "limited"
        let scaling = "zscale=w=\(size.0):h=\(size.1):f=bicubic:rin=\(range)"
        if colour.dynamicRange == .sdr, let gamut = colour.wideGamut {
            return [
                "\(scaling):tin=\(colour.screenTransfer):min=\(gamut.matrix):pin=\(gamut.primaries):t=709:m=709:p=709:r=limited"
            ]
        }
        let transfer = colour.dynamicRange == .hlg ? "arib-std-b67" : "smpte2084"
        // In linear light, where 1 is the white of ordinary pictures, 203 cd/m² (ITU-R BT.2408), up to a peak of 1000 cd/m².
        return [
            "\(scaling):tin=\(transfer):min=2020_ncl:pin=2020:t=linear:npl=203", "format=gbrpf32le", "zscale=p=709",
            "tonemap=tonemap=mobius:param=0.3:peak=4.926:desat=0", "zscale=t=709:m=709:p=709:r=limited",
        ]
    }

    /// What the pictures' colours are when they leave.
    var colours: SourceColours {
        guard !isConverted else { return SourceColours(matrix: "bt709") }
        switch picture.colour.matrix {
        case "bt709"?: return SourceColours(matrix: "bt709")
        case "bt470bg"?, "smpte170m"?: return SourceColours(matrix: "bt601")
        case "bt2020nc"?, "bt2020c"?: return SourceColours(matrix: "bt2020")
        case "smpte240m"?: return SourceColours(matrix: "smpte240m")
        case "fcc"?: return SourceColours(matrix: "fcc")
        default: return SourceColours(matrix: nil)
        }
    }
}

extension Colour {
    /// Primaries that reach further than BT.709's, and the matrix of the numbers, as libzimg calls them; nil for all others.
    fileprivate var wideGamut: (primaries: String, matrix: String)? {
        let own: (primaries: String, matrix: String)
        switch primaries {
        case "bt2020": own = ("2020", "2020_ncl")
        case "smpte432", "smpte431": own = (primaries ?? "", "709")
        default: return nil
        }
        let names = [
            "bt709": "709", "bt2020nc": "2020_ncl", "bt2020c": "2020_cl", "smpte170m": "170m", "bt470bg": "470bg", "gbr": "gbr",
        ]
        return (own.primaries, matrix.flatMap { names[$0] } ?? own.matrix)
    }

    /// The curve of an ordinary picture, as libzimg calls it.
    fileprivate var screenTransfer: String { transfer == "iec61966-2-1" ? "iec61966-2-1" : "709" }
}

extension FrameShape {
    /// The largest even size of this shape within another.
    func fitting(_ width: Int, _ height: Int) -> (Int, Int) {
        let aspect = pixelAspect.value * Double(self.width) / Double(self.height)
        return aspect > Double(width) / Double(height)
            ? (width, max(2, Int(Double(width) / aspect) & ~1)) : (max(2, Int(Double(height) * aspect) & ~1), height)
    }
}
