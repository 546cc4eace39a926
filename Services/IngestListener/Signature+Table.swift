import Events

extension Signature {
    /// In order: the first match wins, so the longer of two that begin alike comes first.
    ///
    /// Sources: the formats' own specifications; for images also the WHATWG MIME Sniffing Standard, section 6.
    static let table: [Signature] = images + videos + sounds + documents + programs

    private static let images = [
        Signature("a JPEG image", .jpeg, (0, [0xff, 0xd8, 0xff])),
        Signature("a PNG image", .png, (0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])),
        Signature("a WebP image", .webp, (0, "RIFF"), (8, "WEBPVP8")),
        Signature("a GIF image", .gif, (0, "GIF87a")),
        Signature("a GIF image", .gif, (0, "GIF89a")),
        Signature("a TIFF image", nil, (0, [0x49, 0x49, 0x2a, 0x00])),
        Signature("a TIFF image", nil, (0, [0x4d, 0x4d, 0x00, 0x2a])),
        Signature("a Photoshop image", nil, (0, "8BPS")),
        Signature("a JPEG XL image", nil, (0, [0, 0, 0, 12]), (4, "JXL ")),
        Signature("a JPEG XL image", nil, (0, [0xff, 0x0a])),
        Signature("a JPEG 2000 image", nil, (0, [0, 0, 0, 12]), (4, "jP  ")),
        Signature("an icon", nil, (0, [0, 0, 1, 0])),
        Signature("a BMP image", nil, (0, "BM"), (6, [0, 0, 0, 0])),
    ]

    private static let videos = [
        Signature("an AVI video", .avi, (0, "RIFF"), (8, "AVI ")),
        Signature("a Windows Media file", nil, (0, [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11])),
        Signature("a Flash video", nil, (0, "FLV\u{01}")),
        Signature("an MPEG video", nil, (0, [0, 0, 1, 0xba])),
        Signature("an MPEG video", nil, (0, [0, 0, 1, 0xb3])),
        Signature("an MPEG transport stream", .mpegts, (0, [0x47]), (188, [0x47]), (376, [0x47]), (564, [0x47])),
        // As Blu-ray discs and cameras write it: a time of four bytes before each packet.
        Signature("an MPEG transport stream", .mpegts, (4, [0x47]), (196, [0x47]), (388, [0x47]), (580, [0x47])),
    ]

    private static let sounds = [
        Signature("a WAV sound", .wav, (0, "RIFF"), (8, "WAVE")),
        Signature("a WAV sound", .wav, (0, "RF64"), (8, "WAVE")),
        Signature("a FLAC sound", .flac, (0, "fLaC")),
        Signature("an MP3 sound", .mp3, (0, "ID3")),
        Signature("an MP3 sound", .mp3, (0, [0xff, 0xfb])),
        Signature("an MP3 sound", .mp3, (0, [0xff, 0xfa])),
        Signature("an MP3 sound", .mp3, (0, [0xff, 0xf3])),
        Signature("an MP3 sound", .mp3, (0, [0xff, 0xf2])),
        Signature("an AAC sound", nil, (0, [0xff, 0xf1])),
        Signature("an AAC sound", nil, (0, [0xff, 0xf9])),
        Signature("a MIDI file", nil, (0, "MThd")),
    ]

    private static let documents = [
        Signature("a PDF document", nil, (0, "%PDF-")),
        Signature("a PostScript document", nil, (0, "%!PS")),
        Signature("a ZIP archive or an office document", nil, (0, [0x50, 0x4b, 0x03, 0x04])),
        Signature("an empty ZIP archive", nil, (0, [0x50, 0x4b, 0x05, 0x06])),
        Signature("a gzip archive", nil, (0, [0x1f, 0x8b])),
        Signature("a 7z archive", nil, (0, [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c])),
        Signature("a RAR archive", nil, (0, "Rar!\u{1a}\u{07}")),
        Signature("a Zstandard archive", nil, (0, [0x28, 0xb5, 0x2f, 0xfd])),
        Signature("an xz archive", nil, (0, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])),
        Signature("an old office document", nil, (0, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])),
    ]

    private static let programs = [
        Signature("a Linux program", nil, (0, [0x7f, 0x45, 0x4c, 0x46])),
        Signature("a Windows program", nil, (0, "MZ")),
        Signature("a script", nil, (0, "#!")),
    ]
}
