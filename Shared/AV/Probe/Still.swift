/// One picture of a film as it is shown: upright, square pixels, 8-bit sRGB.
package struct Still: Sendable, Hashable {
    package let width: Int
    package let height: Int
    /// Red, green, blue; rows from the top without padding.
    package let bytes: [UInt8]

    /// Turns stored pixels so that they can be shown.
    func turned(_ orientation: Orientation) -> Still {
        guard orientation != .upright else { return self }
        let (wide, high) = orientation.swapsSides ? (height, width) : (width, height)
        var turned = [UInt8](repeating: 0, count: bytes.count)
        for y in 0..<high {
            for x in 0..<wide {
                let (column, row) = origin(of: x, y, orientation)
                let (from, to) = (3 * (row * width + column), 3 * (y * wide + x))
                turned[to] = bytes[from]
                turned[to + 1] = bytes[from + 1]
                turned[to + 2] = bytes[from + 2]
            }
        }
        return Still(width: wide, height: high, bytes: turned)
    }

    /// Which stored pixel is shown at a place.
    private func origin(of x: Int, _ y: Int, _ orientation: Orientation) -> (column: Int, row: Int) {
        switch orientation {
        case .upright: (x, y)
        case .mirrored: (width - 1 - x, y)
        case .halfTurn: (width - 1 - x, height - 1 - y)
        case .flipped: (x, height - 1 - y)
        case .transposed: (y, x)
        case .quarterTurn: (y, height - 1 - x)
        case .transversed: (width - 1 - y, height - 1 - x)
        case .threeQuarterTurn: (width - 1 - y, x)
        }
    }
}
