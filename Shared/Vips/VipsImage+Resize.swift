internal import CVips

extension VipsImage {
    /// A smaller copy in memory, exactly `width`×`height`.
    package consuming func smaller(width: Int, height: Int) throws(VipsError) -> VipsImage {
        try resized(width: width, height: height).inMemory()
    }

    /// The same from a picture that is still needed.
    package func miniature(width: Int, height: Int) throws(VipsError) -> VipsImage {
        try VipsImage.made { mr_copy(pointer, $0) }.smaller(width: width, height: height)
    }

    /// Exactly `width`×`height`.
    consuming func resized(width: Int, height: Int) throws(VipsError) -> VipsImage {
        guard (width, height) != (self.width, self.height) else { return self }
        let horizontal = Double(width) / Double(self.width)
        let vertical = Double(height) / Double(self.height)
        return try weighted { image throws(VipsError) in
            try .made { mr_resize(image.pointer, $0, horizontal, vertical) }
        }
    }

    /// The mean of squares of `factor`×`factor` pixels.
    consuming func reduced(by factor: Int) throws(VipsError) -> VipsImage {
        guard factor > 1 else { return self }
        return try weighted { image throws(VipsError) in try .made { mr_shrink(image.pointer, $0, Int32(factor)) } }
    }

    /// Runs `operation` with colours weighted by their alpha: transparent pixels must not bleed into their neighbours.
    private consuming func weighted(
        _ operation: (borrowing VipsImage) throws(VipsError) -> VipsImage
    ) throws(VipsError) -> VipsImage {
        guard hasAlpha else { return try operation(self) }
        let format = vips_image_get_format(pointer)
        let weighted = try VipsImage.made { mr_premultiply(pointer, $0) }
        let result = try operation(weighted)
        let straight = try VipsImage.made { mr_unpremultiply(result.pointer, $0) }
        return try .made { mr_cast(straight.pointer, $0, format) }
    }
}
