import Glibc

/// A file on this machine that is to be uploaded.
struct SourceFile: Sendable {
    let path: String
    let name: String
    /// Bytes.
    let size: Int64
    let contentType: String

    init(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else { throw CommandError(description: "\(path): \(String(cString: strerror(errno)))") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw CommandError(description: "\(path): is not a file") }
        guard access(path, R_OK) == 0 else { throw CommandError(description: "\(path): cannot be read") }
        self.path = path
        size = Int64(status.st_size)
        name = path.split(separator: "/").last.map(String.init) ?? path
        contentType = Self.contentType(of: name)
    }

    private static func contentType(of name: String) -> String {
        let known = [
            "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif",
            "avif": "image/avif", "heic": "image/heic", "heif": "image/heif", "mp4": "video/mp4", "mov": "video/quicktime",
            "webm": "video/webm", "mkv": "video/x-matroska", "m4v": "video/mp4", "ts": "video/mp2t", "avi": "video/x-msvideo",
            "ogv": "video/ogg", "mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg", "opus": "audio/ogg",
            "flac": "audio/flac", "wav": "audio/wav",
        ]
        let suffix = name.split(separator: ".").last?.lowercased() ?? ""
        return known[suffix] ?? "application/octet-stream"
    }
}
