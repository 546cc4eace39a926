internal import CAV

/// How stored pixels must be turned to be shown, numbered as in EXIF.
///
/// Source: CIPA DC-008 (Exif), tag 0x0112; the matrix: ISO/IEC 14496-12, section 6.2.2.
package enum Orientation: Int, Sendable, Hashable, Codable {
    case upright = 1, mirrored, halfTurn, flipped, transposed, quarterTurn, transversed, threeQuarterTurn

    /// Whether width and height change places.
    package var swapsSides: Bool { rawValue >= 5 }

    /// - Parameter matrix: the nine numbers of a display matrix; angles between quarters of a turn go to the nearest.
    init(matrix: UnsafePointer<Int32>) {
        let (a, b) = (Int64(matrix[0]), Int64(matrix[1]))
        let (c, d) = (Int64(matrix[3]), Int64(matrix[4]))
        if abs(a) + abs(d) >= abs(b) + abs(c) {
            self = a < 0 ? (d < 0 ? .halfTurn : .mirrored) : (d < 0 ? .flipped : .upright)
        } else {
            self = b < 0 ? (c < 0 ? .transversed : .threeQuarterTurn) : (c < 0 ? .quarterTurn : .transposed)
        }
    }
}
