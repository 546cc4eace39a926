extension Track {
    /// An initialisation segment above this is not looked at, in bytes.
    package static let maxSize = 1 << 20

    /// Reads an initialisation segment: `moov` with one track, as CMAF wants it.
    ///
    /// Source: ISO/IEC 14496-12, ISO/IEC 23000-19 (CMAF) 7.3.
    package init(initialization bytes: [UInt8]) throws(FormatError) {
        guard bytes.count <= Self.maxSize else {
            throw FormatError(.tooLarge, "an initialisation segment of \(bytes.count) bytes")
        }
        let movie = try Box.all(in: bytes[...]).path("moov")
        let track = try movie.only("trak").children()
        let media = try track.path("mdia")
        let header = try TrackHeader(try track.need("tkhd"))
        let time = try MediaHeader(try media.need("mdhd"))
        let entry = try SampleEntry(try media.path("minf", "stbl").need("stsd"), handler: try Self.handler(media))
        id = header.id
        kind = entry.kind(shownAs: header)
        (codecs, coding) = (entry.codecs, entry.coding)
        (videoRange, isInterlaced) = (entry.videoRange, entry.isInterlaced)
        (timescale, language) = (time.timescale, time.language)
        editShift = try Self.editShift(track, timescale: time.timescale, movie: movie)
        defaults = try Self.defaults(movie, id: header.id)
    }

    private static func handler(_ media: [Box]) throws(FormatError) -> String {
        var (_, _, reader) = try media.need("hdlr").full()
        try reader.skip(4)
        return String(decoding: try reader.take(4), as: UTF8.self)
    }

    private static func defaults(_ movie: [Box], id: Int) throws(FormatError) -> SampleDefaults {
        var (_, _, reader) = try movie.path("mvex").only("trex").full()
        guard try reader.u32() == id else { throw FormatError(.malformed, "trex of another track") }
        try reader.skip(4)
        return SampleDefaults(duration: try reader.u32(), size: try reader.u32(), flags: try reader.u32())
    }

    /// Empty edits delay, the first other one says where the media begins. Source: ISO/IEC 14496-12, 8.6.6.
    private static func editShift(_ track: [Box], timescale: Int, movie: [Box]) throws(FormatError) -> Int64 {
        guard let list = try track.first("edts")?.children().first("elst") else { return 0 }
        var (version, _, reader) = try list.full()
        let movieScale = try MediaHeader.movieTimescale(try movie.need("mvhd"))
        var delay = 0.0
        for _ in 0..<min(try reader.u32(), 16) {
            let duration = version == 1 ? try reader.u64() : UInt64(try reader.u32())
            let start = version == 1 ? Int64(bitPattern: try reader.u64()) : Int64(try reader.i32())
            try reader.skip(4)
            let ticks = Int64(exactly: (delay * Double(timescale)).rounded()) ?? 0
            if start >= 0 { return ticks - min(start, MediaSegmentLimits.maxTime) }
            delay = min(delay + Double(duration) / Double(movieScale), 1e6)
        }
        return 0
    }
}
