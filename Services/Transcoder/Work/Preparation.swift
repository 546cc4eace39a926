import AV

/// What is done to each picture once, before the renditions scale it: one out, for one in.
///
/// Interlaced pictures become progressive, turned ones upright, and HDR becomes SDR (BT.709, tone-mapped with Möbius' curve), already in
/// the largest size that is wanted.
struct Preparation: Sendable, Hashable {
    let picture: MediaStream.Picture
    /// The largest rendition, as displayed.
    let width: Int
    let height: Int
    let threads: Int

    /// libavfilter's chain; nil where there is nothing to do.
    func chain(isInterlaced: Bool) -> String? {
        let chain = (isInterlaced ? ["bwdif=mode=send_frame:deint=interlaced"] : []) + toneMapping + turn
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

    /// In linear light, where 1 is the white of ordinary pictures, 203 cd/m² (ITU-R BT.2408), up to a peak of 1000 cd/m².
    private var toneMapping: [String] {
        let transfer: String
        switch picture.colour.dynamicRange {
        case .sdr: return []
        case .pq: transfer = "smpte2084"
        case .hlg: transfer = "arib-std-b67"
        }
        let (w, h) = picture.orientation.swapsSides ? (height, width) : (width, height)
        let range = picture.colour.range == "pc" ? "full" : "limited"
        return [
            "zscale=w=\(w):h=\(h):f=bicubic:tin=\(transfer):min=2020_ncl:pin=2020:rin=\(range):t=linear:npl=203",
            "format=gbrpf32le", "zscale=p=709", "tonemap=tonemap=mobius:param=0.3:peak=4.926:desat=0",
            "zscale=t=709:m=709:p=709:r=limited",
            "format=yuv420p", "setsar=1",
        ]
    }

    /// What the pictures' colours are when they leave.
    var colours: SourceColours {
        guard picture.colour.dynamicRange == .sdr else { return SourceColours(matrix: "bt709") }
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
