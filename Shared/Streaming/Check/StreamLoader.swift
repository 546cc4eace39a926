/// Reads a stream's folder for the rules. What cannot be read becomes a fault, never an error.
struct StreamLoader {
    private let files: StreamFolder
    private var stream = CheckedStream()
    private var entries = 0
    /// Files are read once for each initialisation segment, however often they are named.
    private var segments: [String: Segment] = [:]
    private var missing: Set<String> = []

    private static let maxEntries = 500_000

    static func load(_ folder: String) -> CheckedStream {
        var loader = StreamLoader(files: StreamFolder(folder))
        loader.loadMaster()
        loader.loadManifest()
        return loader.stream
    }

    private init(files: StreamFolder) { self.files = files }

    private mutating func loadMaster() {
        guard let bytes = read(CheckedStream.master, limit: PlaylistLine.maxSize) else { return }
        guard let master = parsed(CheckedStream.master, { () throws(FormatError) in try MasterPlaylist(bytes) }) else { return }
        (stream.version, stream.isIndependent) = (master.version, master.isIndependent)
        stream.variants = master.variants.map { CheckedVariant(declared: $0, path: resolve($0.uri, from: CheckedStream.master)) }
        stream.media = master.media.map { attributes in
            CheckedMedia(
                attributes: attributes, path: attributes.string("URI").flatMap { resolve($0, from: CheckedStream.master) })
        }
        for media in stream.media {
            load(media.path, as: media.type == "AUDIO" ? .sound : media.type == "SUBTITLES" ? .subtitles : .video)
        }
        for variant in stream.variants { load(variant.path, as: variant.declared.isIFramesOnly ? .iFrames : .video) }
    }

    private mutating func loadManifest() {
        guard files.has(DASHWriter.manifest), let bytes = read(DASHWriter.manifest, limit: XMLReader.maxSize) else { return }
        stream.manifest = parsed(DASHWriter.manifest, { () throws(FormatError) in try Manifest(bytes) })
    }

    private mutating func load(_ path: String?, as role: CheckedPlaylist.Role) {
        guard let path, stream.playlist(path) == nil, let bytes = read(path, limit: PlaylistLine.maxSize) else { return }
        guard let list = parsed(path, { () throws(FormatError) in try MediaPlaylist(bytes) }) else { return }
        entries += list.entries.count
        guard entries <= Self.maxEntries else { return fault(.unreadable, path, "more than \(Self.maxEntries) segments in all") }
        let map = list.entries.first?.map.flatMap { resolve($0, from: path) }
        let track = role == .subtitles ? nil : map.flatMap { self.track($0) }
        let parts = list.entries.map { part($0, of: path, role: role, track: track, map: map) }
        // A variant without pictures.
        let isSound = role == .video && track?.isVideo == false
        stream.playlists.append(
            CheckedPlaylist(path: path, list: list, role: isSound ? .sound : role, track: track, map: map, parts: parts))
    }

    private mutating func track(_ map: String) -> Track? {
        guard let bytes = read(map, limit: Track.maxSize) else { return nil }
        return parsed(map, { () throws(FormatError) in try Track(initialization: bytes) })
    }

    private mutating func part(
        _ entry: MediaPlaylist.Entry, of playlist: String, role: CheckedPlaylist.Role, track: Track?, map: String?
    ) -> CheckedPlaylist.Part {
        let path = resolve(entry.uri, from: playlist)
        if let path, role == .subtitles {
            let bytes = read(path, limit: WebVTT.maxSize)
            let text = bytes.flatMap { bytes in parsed(path, { () throws(FormatError) in try WebVTT.read(bytes) }) }
            return CheckedPlaylist.Part(entry: entry, path: path, segment: nil, text: text, bytes: bytes?.count)
        }
        let measured = path.flatMap { path in track.flatMap { segment(path, of: $0, map: map ?? "") } }
        return CheckedPlaylist.Part(entry: entry, path: path, segment: measured, text: nil, bytes: measured?.bytes)
    }

    private mutating func segment(_ path: String, of track: Track, map: String) -> Segment? {
        let key = map + "\n" + path
        if let known = segments[key] { return known }
        guard let bytes = read(path, limit: Segment.maxSize) else { return nil }
        let segment = parsed(path, { () throws(FormatError) in try Segment(bytes, of: track) })
        segments[key] = segment
        return segment
    }
}

extension StreamLoader {
    /// Nil, and a fault, for what does not lie in the stream's folder.
    private mutating func resolve(_ uri: String, from file: String) -> String? {
        let path = StreamURI.path(uri, from: file)
        if path == nil { fault(.outside, file, "names \"\(uri.prefix(200))\"") }
        return path
    }

    private mutating func read(_ path: String, limit: Int) -> [UInt8]? {
        // Named again, it is not missed again.
        guard !missing.contains(path) else { return nil }
        do { return try files.read(path, limit: limit) } catch {
            missing.insert(path)
            switch error {
            case .missing: fault(.missing, path, "is not there")
            case .tooLarge(let size): fault(.unreadable, path, "has \(size) bytes, more than \(limit)")
            case .unreadable(let number):
                fault(.unreadable, path, number == 0 ? "is no file" : "cannot be opened: error \(number)")
            }
            return nil
        }
    }

    private mutating func parsed<Value>(_ path: String, _ body: () throws(FormatError) -> Value) -> Value? {
        do { return try body() } catch {
            missing.insert(path)
            fault(.unreadable, path, error.description)
            return nil
        }
    }

    private mutating func fault(_ kind: CheckedStream.Fault.Kind, _ file: String, _ message: String) {
        if stream.faults.count < 1000 { stream.faults.append(CheckedStream.Fault(kind: kind, file: file, message: message)) }
    }
}

/// URIs of a stream that lead to files beside it.
enum StreamURI {
    /// The path below the stream's folder; nil for absolute URIs and paths, and for any `..`.
    /// - Parameter file: whose text the URI stands in.
    static func path(_ uri: String, from file: String) -> String? {
        guard let decoded = decoded(uri), !decoded.isEmpty, !decoded.contains(where: { ":?#\\".contains($0) }) else { return nil }
        let parts = decoded.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !["", ".", ".."].contains($0) }) else { return nil }
        let folder = file.split(separator: "/").dropLast()
        return (folder + parts).joined(separator: "/")
    }

    /// Source: RFC 3986, 2.1.
    private static func decoded(_ uri: String) -> String? {
        var (bytes, rest) = ([UInt8](), Array(uri.utf8)[...])
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), rest.count >= 2 else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return bytes.contains { $0 < 32 } ? nil : String(validating: bytes, as: UTF8.self)
    }
}
