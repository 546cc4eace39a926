import FoundationEssentials
import Synchronization
import TestSupport

@testable import Streaming

/// A stream's folder, with real media in it and playlists by our own writers.
final class TestStream {
    let directory = TemporaryDirectory()
    var presentation = Presentation()
    /// All that was put into the folder.
    private var files: [String: [UInt8]] = [:]

    /// Two rungs, two languages, subtitles: everything as it should be.
    init() throws {
        let whole = try Self.whole.get()
        presentation = whole.presentation
        for (path, bytes) in whole.files { try put(bytes, path) }
    }

    private struct Whole {
        let presentation: Presentation
        let files: [String: [UInt8]]
    }

    /// Made once; the others are copies.
    private static let whole = Result {
        let stream = try TestStream { stream in
            try stream.addVideo("v180")
            try stream.addVideo("v90", FFmpeg.Video(size: "160x90"))
            try stream.addSound("a-en", language: "en", name: "English", isDefault: true)
            try stream.addSound("a-de", FFmpeg.Sound(frequency: 660), language: "de", name: "Deutsch")
            let cues = [(0.5, "Hello <b>"), (5.5, "over the edge"), (12.2, "the end")].map { start, text in
                WebVTT.Cue(start: start, end: start + 0.7, text: text)
            }
            stream.presentation.subtitles = [.init(folder: "subtitles/en", language: "en", name: "English", cues: cues)]
        }
        return Whole(presentation: stream.presentation, files: stream.files)
    }

    /// Other media; the playlists are written at the end.
    init(_ build: (TestStream) throws -> Void) throws {
        try build(self)
        try write()
    }

    deinit { directory.remove() }

    func addVideo(_ folder: String, _ video: FFmpeg.Video = .init(), every seconds: Double = 6, isTrickPlay: Bool = false) throws
    {
        try store(try Samples.video(video), every: seconds, in: folder)
        let rendition = try Rendition(measuring: folder, in: directory.path)
        if isTrickPlay { presentation.trickPlay.append(rendition) } else { presentation.videos.append(rendition) }
    }

    func addSound(
        _ folder: String, _ sound: FFmpeg.Sound = .init(), language: String, name: String, isDefault: Bool = false,
        group: String = "stereo"
    ) throws {
        try store(try Samples.sound(sound), every: 6, in: folder)
        let rendition = try Rendition(measuring: folder, in: directory.path)
        presentation.sounds.append(
            .init(rendition, language: language, name: name, isDefault: isDefault, group: group))
    }

    private func store(_ file: [UInt8], every seconds: Double, in folder: String) throws {
        let cut = try Cut(file, every: seconds)
        try put(cut.initialization, "\(folder)/\(Rendition.initialization)")
        for (index, segment) in cut.segments.enumerated() { try put(segment, "\(folder)/\(Rendition.segmentName(index + 1))") }
    }

    func write() throws {
        for file in HLSWriter.files(of: presentation) { try put(Array(file.text.utf8), file.path) }
        try put(Array(DASHWriter.manifest(of: presentation).utf8), DASHWriter.manifest)
    }

    func put(_ bytes: [UInt8], _ path: String) throws {
        files[path] = bytes
        let url = URL(filePath: "\(directory.path)/\(path)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }
}

/// What can be done to its files.
extension TestStream {
    func bytes(_ path: String) throws -> [UInt8] { try FFmpeg.bytes("\(directory.path)/\(path)") }
    func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }
    func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: "\(directory.path)/\(path)") }

    /// - Throws: when there was nothing to replace.
    func replace(_ old: String, with new: String, in path: String, maxReplacements: Int = .max) throws {
        let text = try text(path)
        guard text.contains(old) else { throw Missing(description: "no \(old) in \(path)") }
        try put(Array(text.replacing(old, with: new, maxReplacements: maxReplacements).utf8), path)
    }

    func link(_ path: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: "\(directory.path)/\(path)", withDestinationPath: target)
    }

    func dropLines(with part: String, from path: String) throws {
        let lines = try text(path).split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.contains(where: { $0.contains(part) }) else { throw Missing(description: "no \(part) in \(path)") }
        try put(Array(lines.filter { !$0.contains(part) }.joined(separator: "\n").utf8), path)
    }

    func patch(_ path: String, _ body: (inout [UInt8]) throws -> Void) throws {
        var bytes = try bytes(path)
        try body(&bytes)
        try put(bytes, path)
    }

    var findings: [Finding] { StreamCheck.findings(in: directory.path) }

    struct Missing: Error, CustomStringConvertible { let description: String }
}

/// Each sample is encoded once for all tests.
enum Samples {
    private static let files = Mutex([String: [UInt8]]())

    static func video(_ video: FFmpeg.Video) throws -> [UInt8] { try sample("\(video)") { try FFmpeg.encode(video, to: $0) } }
    static func sound(_ sound: FFmpeg.Sound) throws -> [UInt8] { try sample("\(sound)") { try FFmpeg.encode(sound, to: $0) } }

    private static func sample(_ key: String, _ make: (String) throws -> Void) throws -> [UInt8] {
        try files.withLock { files in
            if let known = files[key] { return known }
            let directory = TemporaryDirectory()
            defer { directory.remove() }
            try make(directory.path + "/sample.mp4")
            let bytes = try FFmpeg.bytes(directory.path + "/sample.mp4")
            files[key] = bytes
            return bytes
        }
    }
}
