import FoundationEssentials

/// Films and sounds for tests, made on the spot with the `ffmpeg` command.
package enum MediaFile {
    /// Runs `ffmpeg` with `arguments`, which say what goes into `file`.
    /// - Returns: the file's path.
    @discardableResult
    package static func make(_ file: String, in directory: TemporaryDirectory, _ arguments: String) throws -> String {
        try make(file, in: directory, arguments.split(separator: " ").map(String.init))
    }

    /// The same for arguments with blanks in them.
    @discardableResult
    package static func make(_ file: String, in directory: TemporaryDirectory, _ arguments: [String]) throws -> String {
        let path = "\(directory.path)/\(file)"
        try ChildProcess.run(["ffmpeg", "-nostdin", "-v", "error", "-y"] + arguments + [path])
        return path
    }

    /// Replaces `old`, which must be there, by `new` wherever it stands in a file.
    package static func patch(_ path: String, _ old: [UInt8], _ new: [UInt8]) throws {
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        let places = bytes.indices.filter { bytes[$0...].starts(with: old) }
        guard !places.isEmpty else { throw ProcessError(description: "\(path): nothing to patch") }
        for place in places { bytes.replaceSubrange(place..<place + old.count, with: new) }
        try Data(bytes).write(to: URL(filePath: path))
    }
}
