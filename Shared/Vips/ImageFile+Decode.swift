extension ImageFile {
    /// The picture as people see it (upright, 8-bit sRGB), fitted into `box` and computed into memory.
    ///
    /// The decoder reduces as far as still covers the result, so that most of a large JPEG is never computed. Thumbnails
    /// that a file brings with it are not used: they may show something else.
    package func thumbnail(fitting box: Box) throws(VipsError) -> VipsImage {
        let shown = box.fitting(width: header.displayWidth, height: header.displayHeight)
        let (width, height) = header.orientation >= 5 ? (shown.height, shown.width) : shown
        let factor = max(1, min(header.width / width, header.height / height))
        return try open(reducedBy: factor).resized(width: width, height: height).shown()
    }

    /// The picture's pixels, reduced by a whole number: as far as leaves the shorter side at `shortSide` or more.
    /// - Parameters:
    ///   - shortSide: nil for every pixel.
    ///   - oriented: whether the EXIF orientation is applied.
    package func pixels(shortSide: Int? = nil, oriented: Bool = true) throws(VipsError) -> Pixels {
        let shortest = min(header.width, header.height)
        let image = try open(reducedBy: shortSide.map { max(1, shortest / max(1, $0)) } ?? 1)
        let rest = shortSide.map { max(1, min(image.width, image.height) / max(1, $0)) } ?? 1
        let reduced = try image.reduced(by: rest)
        return oriented ? try reduced.shown().pixels() : try reduced.standard().pixels()
    }
}
