import Vips

/// The picture work of the step: from an original's bytes to everything that is stored of it. It blocks.
struct MakeVariants: Sendable {
    let recipe: Recipe
    let limits: ImageLimits

    struct Thumbnail: Sendable {
        let width: Int
        let height: Int
        let format: ImageEncoder
        let bytes: [UInt8]
    }

    struct Result: Sendable {
        /// A `data:` URI.
        let lqip: String
        let thumbnails: [Thumbnail]
    }

    /// From the largest to the smallest, each made of the one before: the original is decoded once, only as far as the largest
    /// needs it.
    func run(_ original: some Collection<UInt8>, loader: ImageLoader) throws(VipsError) -> Result {
        let file = try ImageFile(original, loader: loader, limits: limits)
        let sizes = distinctSizes(of: file.header)
        var image = try file.thumbnail(fitting: Box(width: sizes[0].width, height: sizes[0].height))
        var thumbnails: [Thumbnail] = []
        for size in sizes {
            image = try image.smaller(width: size.width, height: size.height)
            for format in recipe.formats {
                let bytes = try image.encoded(as: format, quality: Recipe.quality(of: format))
                thumbnails.append(Thumbnail(width: size.width, height: size.height, format: format, bytes: bytes))
            }
        }
        return Result(lqip: try placeholder(for: image), thumbnails: thumbnails)
    }

    /// An original smaller than several boxes fills them with the same picture: it is made once.
    private func distinctSizes(of header: ImageHeader) -> [(width: Int, height: Int)] {
        let all = recipe.sizes.map { Box(side: $0).fitting(width: header.displayWidth, height: header.displayHeight) }
        return all.reduce(into: []) { sizes, size in
            if sizes.last.map({ $0 != size }) ?? true { sizes.append(size) }
        }
    }
}
