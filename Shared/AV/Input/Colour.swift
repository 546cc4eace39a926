internal import CAV

/// How the numbers of a picture mean colours.
///
/// The values are the code points' names in libavutil (`bt709`, `bt2020nc`, `smpte2084`, …); nil where the file does not say.
/// Source: ITU-T H.273.
package struct Colour: Sendable, Hashable, Codable {
    package let primaries: String?
    package let transfer: String?
    package let matrix: String?
    /// `tv` (limited) or `pc` (full).
    package let range: String?

    package enum DynamicRange: String, Sendable, Hashable, Codable {
        case sdr
        /// Perceptual quantiser: SMPTE ST 2084.
        case pq
        /// Hybrid log-gamma: ARIB STD-B67.
        case hlg
    }

    package var dynamicRange: DynamicRange {
        switch transfer {
        case "smpte2084": .pq
        case "arib-std-b67": .hlg
        default: .sdr
        }
    }

    init(_ parameters: AVCodecParameters) {
        primaries = Self.name(av_color_primaries_name(parameters.color_primaries))
        transfer = Self.name(av_color_transfer_name(parameters.color_trc))
        matrix = Self.name(av_color_space_name(parameters.color_space))
        range = Self.name(av_color_range_name(parameters.color_range))
    }

    private static func name(_ text: UnsafePointer<CChar>?) -> String? {
        text.map { String(cString: $0) }.flatMap { $0 == "unknown" ? nil : $0 }
    }
}
