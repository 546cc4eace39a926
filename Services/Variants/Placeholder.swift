import FoundationEssentials
import Vips

/// A `data:` URI of less than 1,000 bytes that looks like `image` from afar: what a page shows until the picture is there.
///
/// A tiny WebP, as sharp as fits; a browser that enlarges it smooths it.
func placeholder(for image: borrowing VipsImage) throws(VipsError) -> String {
    for attempt in attempts {
        let size = Box(side: attempt.side).fitting(width: image.width, height: image.height)
        let webp = try image.miniature(width: size.width, height: size.height).encoded(as: .webp, quality: attempt.quality)
        let uri = "data:image/webp;base64," + Data(webp).base64EncodedString()
        if uri.utf8.count < 1000 { return uri }
    }
    throw VipsError(.other, "no placeholder of this picture is small enough")
}

private let attempts: [(side: Int, quality: Int)] = [(32, 75), (32, 50), (24, 50), (24, 25), (16, 25), (8, 10), (4, 1)]
