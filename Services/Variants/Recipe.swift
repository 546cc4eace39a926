import Crypto
import Vips

/// What is made of an original. Its hash names the result: the same original and recipe always give the same bytes.
struct Recipe: Sendable, Hashable {
    /// To be raised when the way from an original to its variants changes, so that the results get new keys.
    static let version = 1

    let sizes: [Int]
    let formats: [ImageEncoder]

    /// The quality of a format where nobody asks for another: about the same look for each.
    static func quality(of format: ImageEncoder) -> Int {
        switch format {
        case .webp: 80
        case .jpeg: 82
        case .avif: 55
        case .png: 100
        }
    }

    /// 16 hex digits over the original's tag, this recipe and the encoders' release.
    func hash(etag: String) -> String {
        let qualities = formats.map { "\($0.rawValue)-\(Self.quality(of: $0))" }
        return Self.hash(["thumbnails", etag, "\(sizes)", "\(qualities)"], digits: 16)
    }

    /// Hex digits of the SHA-256 of `parts`, kept apart by their lengths, and of the encoders' release.
    static func hash(_ parts: [String], digits: Int) -> String {
        var hash = SHA256()
        for part in ["\(version)", Vips.version] + parts { hash.update(data: Array("\(part.utf8.count):\(part)".utf8)) }
        let hex = hash.finalize().map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }
        return String(hex.joined().prefix(digits))
    }
}
