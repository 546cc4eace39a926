extension ImageLoader {
    /// The loader for a file that begins with `head`; nil for what we do not decode.
    /// - Parameter head: 32 bytes are enough.
    package init?(recognising head: some Collection<UInt8>) {
        let head = Array(head.prefix(32))
        let has = { (text: String, offset: Int) in head.dropFirst(offset).starts(with: text.utf8) }
        switch true {
        case head.starts(with: [0xff, 0xd8, 0xff]): self = .jpeg
        case head.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]): self = .png
        case has("GIF87a", 0), has("GIF89a", 0): self = .gif
        case has("RIFF", 0) && has("WEBP", 8): self = .webp
        case has("ftypavif", 4), has("ftypavis", 4): self = .avif
        case ["heic", "heix", "heim", "heis", "mif1", "msf1"].contains { has("ftyp" + $0, 4) }:
            // `mif1` says only that it is HEIF; the brands behind it say which.
            self = has("mif1", 8) && (has("avif", 16) || has("avif", 20)) ? .avif : .heic
        default: return nil
        }
    }
}
