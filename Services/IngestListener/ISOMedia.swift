import Events

/// Files of ISO/IEC 14496-12 boxes: HEIF images, MP4, M4A and QuickTime. The brands of their `ftyp` box say which.
///
/// The major brand decides where it means something; a structural one (`mif1`, `msf1`) leaves it to the first compatible brand,
/// in the file's order, that does. Sources: ISO/IEC 23008-12, annex B; AV1 Image File Format 1.1, section 6; mp4ra.org.
enum ISOMedia {
    static func recognise(_ prefix: ArraySlice<UInt8>) -> FileType? {
        let bytes = Array(prefix)
        guard bytes.count >= 8 else { return nil }
        let box = text(bytes[4..<8])
        if ["moov", "mdat", "wide"].contains(box) { return FileType("a QuickTime video", .mov) }
        guard box == "ftyp", let brands = brands(bytes), let major = brands.first else { return nil }
        return brands.lazy.compactMap { types[$0] }.first ?? FileType("an ISO media file of the brand \"\(printable(major))\"")
    }

    /// The major brand and the compatible ones; nil when the box is broken. A box that is longer than what was read is cut.
    private static func brands(_ bytes: [UInt8]) -> [String]? {
        let size = bytes[..<4].reduce(0) { $0 << 8 | Int($1) }
        guard size >= 16, size % 4 == 0, bytes.count >= 12 else { return nil }
        let end = min(size, bytes.count)
        let compatible = stride(from: 16, to: end - 3, by: 4).map { text(bytes[$0..<$0 + 4]) }
        return [text(bytes[8..<12])] + compatible
    }

    private static let types: [String: FileType] = [
        "avif": FileType("an AVIF image", .avif),
        "avis": FileType("an AVIF image", .avif),
        "heic": heic, "heix": heic, "heim": heic, "heis": heic,
        "hevc": heic, "hevx": heic, "hevm": heic, "hevs": heic,
        "crx ": FileType("a Canon raw image"),
        "qt  ": FileType("a QuickTime video", .mov),
        "M4A ": sound, "M4B ": sound,
        "M4P ": FileType("a protected MPEG-4 sound"),
        "M4V ": mp4, "isom": mp4, "iso2": mp4, "iso3": mp4, "iso4": mp4, "iso5": mp4, "iso6": mp4, "iso7": mp4, "iso8": mp4,
        "iso9": mp4, "mp41": mp4, "mp42": mp4, "mp71": mp4, "avc1": mp4, "dash": mp4, "MSNV": mp4, "f4v ": mp4,
        "3gp4": mobile, "3gp5": mobile, "3gp6": mobile, "3gp7": mobile, "3g2a": mobile,
    ]
    private static let heic = FileType("an HEIC image", .heic)
    private static let mp4 = FileType("an MP4 video", .mp4)
    private static let mobile = FileType("a 3GP video", .mp4)
    private static let sound = FileType("an MPEG-4 sound", .m4a)

    /// Latin-1, so that every four bytes are four characters.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }

    private static func printable(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == " ") ? $0 : "?" })
    }
}
