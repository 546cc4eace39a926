/// A placeholder of about 25 bytes with aspect ratio and alpha.
///
/// Source: github.com/evanw/thumbhash, `js/thumbhash.js`. Factors that are zero but for rounding fall on either side of
/// a step, so the sums are taken in the reference's order.
package enum ThumbHash {
    /// The longest side of an image that can be hashed.
    package static let maxSide = 100

    /// Nil when a side is longer than `maxSide`.
    package static func encode(_ image: RGBImage) -> [UInt8]? {
        guard image.width <= maxSide, image.height <= maxSide else { return nil }
        let colours = ThumbHashColours(image)
        let channels = ThumbHashChannels(colours, width: image.width, height: image.height)
        return channels.header(isLandscape: image.width > image.height) + channels.waves
    }
}

/// The cosine factors of all channels.
private struct ThumbHashChannels {
    private let luminance, yellowBlue, redGreen: ThumbHashChannel
    private let alpha: ThumbHashChannel?
    private let across, down: Int

    init(_ colours: ThumbHashColours, width: Int, height: Int) {
        let limit: Double = colours.hasAlpha ? 5 : 7
        let longest = Double(max(width, height))
        across = max(1, ThumbHash.round(limit * Double(width) / longest))
        down = max(1, ThumbHash.round(limit * Double(height) / longest))
        let channel = { (values: [Double], x: Int, y: Int) in
            ThumbHashChannel(values, width: width, height: height, across: x, down: y)
        }
        luminance = channel(colours.luminance, max(3, across), max(3, down))
        yellowBlue = channel(colours.yellowBlue, 3, 3)
        redGreen = channel(colours.redGreen, 3, 3)
        alpha = colours.hasAlpha ? channel(colours.alpha, 5, 5) : nil
    }

    func header(isLandscape: Bool) -> [UInt8] {
        let averages =
            ThumbHash.round(63 * luminance.average) | ThumbHash.round(31.5 + 31.5 * yellowBlue.average) << 6
            | ThumbHash.round(31.5 + 31.5 * redGreen.average) << 12 | ThumbHash.round(31 * luminance.scale) << 18
            | (alpha == nil ? 0 : 1) << 23
        let scales =
            (isLandscape ? down : across) | ThumbHash.round(63 * yellowBlue.scale) << 3
            | ThumbHash.round(63 * redGreen.scale) << 9 | (isLandscape ? 1 : 0) << 15
        let opacity = alpha.map { [ThumbHash.round(15 * $0.average) | ThumbHash.round(15 * $0.scale) << 4] } ?? []
        let numbers = [averages, averages >> 8, averages >> 16, scales, scales >> 8] + opacity
        return numbers.map { UInt8(truncatingIfNeeded: $0) }
    }

    /// All waves in 4 bits each, two a byte, the first in the low half.
    var waves: [UInt8] {
        let factors = luminance.waves + yellowBlue.waves + redGreen.waves + (alpha?.waves ?? [])
        let nibbles = factors.map { UInt8(truncatingIfNeeded: ThumbHash.round(15 * $0)) }
        return stride(from: 0, to: nibbles.count, by: 2).map { index in
            nibbles[index] | (index + 1 < nibbles.count ? nibbles[index + 1] << 4 : 0)
        }
    }
}

extension ThumbHash {
    /// To the nearest whole number, halves upwards, as JavaScript's `Math.round` does.
    fileprivate static func round(_ value: Double) -> Int {
        let floor = value.rounded(.down)
        return Int(value - floor >= 0.5 ? floor + 1 : floor)
    }
}
