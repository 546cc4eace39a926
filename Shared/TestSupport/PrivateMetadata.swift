/// The private things that a camera writes into a JPEG, for tests that look whether they are gone.
package enum PrivateMetadata {
    /// Words that stand in the clear in what `insert` adds.
    package static let traces = ["MillraceCam", "xmp-secret", "iptc-secret"]

    /// `jpeg` with EXIF (orientation, maker, GPS position), XMP and IPTC blocks behind its first marker.
    package static func insert(into jpeg: [UInt8], orientation: Int = 1) -> [UInt8] {
        let xmp = Array("http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'>xmp-secret</x:xmpmeta>".utf8)
        let added = segment(0xe1, exif(orientation: orientation)) + segment(0xe1, xmp) + segment(0xed, iptc)
        return Array(jpeg[..<2]) + added + jpeg[2...]
    }

    private static func segment(_ marker: UInt8, _ body: [UInt8]) -> [UInt8] {
        [0xff, marker] + big16(body.count + 2) + body
    }

    /// `Exif\0\0` and a little-endian TIFF block: maker, orientation, and N 48° 51' 30", E 2° 17' 40".
    package static func exif(orientation: Int) -> [UInt8] {
        let first = directory([
            entry(0x010f, 2, 12, [0x7a, 0, 0, 0]), entry(0x0112, 3, 1, [UInt8(orientation), 0, 0, 0]),
            entry(0x8825, 4, 1, [0x3e, 0, 0, 0]),
        ])
        let gps = directory([
            entry(1, 2, 2, Array("N\0\0\0".utf8)), entry(2, 5, 3, [0x86, 0, 0, 0]),
            entry(3, 2, 2, Array("E\0\0\0".utf8)), entry(4, 5, 3, [0x9e, 0, 0, 0]),
        ])
        let head: [UInt8] = [0x49, 0x49, 42, 0, 8, 0, 0, 0]
        let maker = Array("MillraceCam\0".utf8)
        let body = padded(head + first, to: 0x3e) + gps
        return Array("Exif\0\0".utf8) + padded(padded(body, to: 0x7a) + maker, to: 0x86) + degrees([48, 51, 30])
            + degrees([2, 17, 40])
    }

    /// A Photoshop resource with one IPTC record: the byline.
    private static var iptc: [UInt8] {
        let record: [UInt8] = [0x1c, 2, 80] + big16(11) + Array("iptc-secret".utf8)
        return Array("Photoshop 3.0\0".utf8) + Array("8BIM".utf8) + [4, 4, 0, 0, 0, 0] + big16(record.count) + record
    }

    private static func directory(_ entries: [[UInt8]]) -> [UInt8] {
        [UInt8(entries.count), 0] + entries.flatMap { $0 } + [0, 0, 0, 0]
    }

    private static func entry(_ tag: Int, _ type: UInt8, _ count: UInt8, _ value: [UInt8]) -> [UInt8] {
        [UInt8(tag & 0xff), UInt8(tag >> 8), type, 0, count, 0, 0, 0] + value
    }

    private static func degrees(_ parts: [UInt8]) -> [UInt8] { parts.flatMap { [$0, 0, 0, 0, 1, 0, 0, 0] as [UInt8] } }

    private static func padded(_ bytes: [UInt8], to length: Int) -> [UInt8] {
        bytes + Array(repeating: 0, count: length - bytes.count)
    }

    private static func big16(_ value: Int) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xff)] }
}
