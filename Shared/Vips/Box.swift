/// The space that a picture is fitted into: whole, in its own proportions, never enlarged.
package struct Box: Sendable, Hashable {
    package let width: Int
    package let height: Int

    package init(width: Int, height: Int) {
        self.width = max(1, width)
        self.height = max(1, height)
    }

    /// A square: the longer side of what fits is at most `side`.
    package init(side: Int) { self.init(width: side, height: side) }

    /// The size of a picture of `width`×`height` once it fits.
    package func fitting(width: Int, height: Int) -> (width: Int, height: Int) {
        let scale = min(1, Double(self.width) / Double(width), Double(self.height) / Double(height))
        let side = { (length: Int) in max(1, Int((Double(length) * scale).rounded())) }
        return (side(width), side(height))
    }
}
