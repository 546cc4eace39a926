import AV
import FoundationEssentials
import Streaming

/// The folder into which everything of one job is written: what is there, and what was measured of it.
final class JobFolder {
    let path: String
    /// Every rendition with its segments so far, by its folder.
    private(set) var renditions: [String: Rendition] = [:]
    /// Files written since they were last taken, below the folder, in their order.
    private var files: [String] = []

    init(_ path: String) { self.path = path }

    func takeFiles() -> [String] {
        defer { files = [] }
        return files
    }

    /// Where a rendition's parts go: `init.mp4`, `00001.m4s` and so on.
    func store(_ rendition: String) -> FragmentWriter.Store {
        { [self] part, bytes throws(AVError) in
            switch part {
            case .initialisation:
                try measured { () throws(FormatError) in
                    renditions[rendition] = try Rendition(folder: rendition, initialization: bytes)
                }
                try write("\(rendition)/\(Rendition.initialization)", bytes)
            case .segment(let number):
                try measured { () throws(FormatError) in try renditions[rendition]?.append(bytes) }
                try write("\(rendition)/\(Rendition.segmentName(number + 1))", bytes)
            }
        }
    }

    private func measured(_ body: () throws(FormatError) -> Void) throws(AVError) {
        do { try body() } catch { throw AVError(.other, "what was written cannot be read: \(error)") }
    }

    func write(_ name: String, _ bytes: [UInt8]) throws(AVError) {
        try overwrite(name, bytes)
        files.append(name)
    }

    /// Without a place in the list.
    /// - Throws: `.io`, also where the disk is full.
    func overwrite(_ name: String, _ bytes: [UInt8]) throws(AVError) {
        let path = "\(path)/\(name)"
        do {
            let parent = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
            try FileManager.default.createDirectory(atPath: String(parent), withIntermediateDirectories: true)
            try Data(bytes).write(to: URL(filePath: path))
        } catch { throw AVError(.io, "\(name) cannot be written: \(error)") }
    }
}
