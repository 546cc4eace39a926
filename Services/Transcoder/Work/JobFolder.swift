import AV
import Glibc
import Streaming

/// The folder into which everything of one job is written: what is there, and what was measured of it.
final class JobFolder {
    let path: String
    /// Every rendition with its segments so far, by its folder.
    private(set) var renditions: [String: Rendition] = [:]
    /// Files written since they were last taken, below the folder, in their order.
    private var files: [String] = []
    /// Bytes that may still be written.
    private var left: Int

    /// - Parameter limit: bytes of all that is written.
    init(_ path: String, limit: Int) {
        self.path = path
        left = limit
    }

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
    /// - Throws: `.full`; `.limit`; `.io`.
    func overwrite(_ name: String, _ bytes: [UInt8]) throws(AVError) {
        left -= bytes.count
        guard left >= 0 else { throw AVError(.limit, "what is made has more bytes than are allowed") }
        for (index, letter) in name.utf8.enumerated() where letter == UInt8(ascii: "/") {
            mkdir("\(path)/\(Substring(name.utf8.prefix(index)))", 0o755)
        }
        let file = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.failure(name) }
        defer { close(file) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count >= 0 || errno == EINTR else { throw Self.failure(name) }
            rest = rest.dropFirst(max(0, count))
        }
    }

    private static func failure(_ name: String) -> AVError {
        let code: AVError.Code =
            switch errno {
            case ENOSPC, EDQUOT: .full
            case EFBIG: .limit
            default: .io
            }
        return AVError(code, "\(name) cannot be written: error \(errno)")
    }
}
