/// What the variants step made of an image.
package struct VariantsResult: Codable, Hashable, Sendable {
    /// A low-quality image placeholder: a `data:` URI of less than 1,000 bytes.
    package var lqip: String
    package var thumbnails: [Variant]

    package init(lqip: String, thumbnails: [Variant]) {
        self.lqip = lqip
        self.thumbnails = thumbnails
    }
}

/// One derived image in the object store.
package struct Variant: Codable, Hashable, Sendable {
    package var key: String
    package var width: Int
    package var height: Int
    /// `webp`, `jpeg`, …
    package var format: String
    package var bytes: Int
    /// Where a reader fetches it; set when it is shown to people, absent on the bus and in the manifest.
    package var url: String?

    package init(key: String, width: Int, height: Int, format: String, bytes: Int, url: String? = nil) {
        self.key = key
        self.width = width
        self.height = height
        self.format = format
        self.bytes = bytes
        self.url = url
    }
}
