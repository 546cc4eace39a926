import Foundation
import TestSupport
import Vips

/// The sample media that `make demo` shows, made once for all tests.
enum Samples {
    private static let made = Result { () throws -> TemporaryDirectory in
        let directory = TemporaryDirectory()
        let (status, output) = try Build.run(
            "Tools/stack/samples", [directory.path], environment: ProcessInfo.processInfo.environment)
        guard status == 0 else { throw StackError(description: "samples: \(output)") }
        return directory
    }

    /// A 12-megapixel JPEG with a camera's EXIF and GPS.
    static var photo: [UInt8] { get throws { try bytes("1-photo.jpg") } }

    /// A WebP of a few hundred bytes, for many at once.
    static var small: [UInt8] {
        get throws {
            try Vips.start()
            let pixels = (0..<160 * 120 * 3).map { UInt8(truncatingIfNeeded: $0 / 90) }
            return try VipsImage(Pixels(width: 160, height: 120, bands: 3, bytes: pixels)).encoded(as: .webp, quality: 60)
        }
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: try made.get().path).appending(path: name)))
    }

    /// Every format: file name, declared type.
    static let all = [
        ("1-photo.jpg", "image/jpeg"), ("2-png.png", "image/png"), ("3-portrait.webp", "image/webp"), ("4-gif.gif", "image/gif"),
        ("5-avif.avif", "image/avif"), ("6-heic.heic", "image/heic"),
    ]
}
