internal import Glibc

/// A stream's folder. Nothing outside of it is ever opened, whatever names or links say.
package struct StreamFolder: Sendable {
    package enum Failure: Error, Hashable {
        case missing
        /// Larger than the limit; the size in bytes.
        case tooLarge(Int)
        /// Not a regular file, or the system's error number.
        case unreadable(Int32)
    }

    private let path: String

    package init(_ path: String) { self.path = path }

    package func has(_ name: String) -> Bool {
        guard let file = try? open(name) else { return false }
        close(file)
        return true
    }

    /// - Parameters:
    ///   - name: below the folder; every part of it must be a name, none a link.
    ///   - limit: larger files are not read, in bytes.
    package func read(_ name: String, limit: Int) throws(Failure) -> [UInt8] {
        let file = try open(name)
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .unreadable(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .unreadable(0) }
        guard status.st_size <= limit else { throw .tooLarge(Int(status.st_size)) }
        return try Self.bytes(of: file, count: Int(status.st_size))
    }

    /// Less than `count` where the file has become shorter.
    private static func bytes(of file: Int32, count: Int) throws(Failure) -> [UInt8] {
        var failure: Int32?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = Glibc.read(file, buffer.baseAddress.map { $0 + filled }, count - filled)
                if got < 0 && errno == EINTR { continue }
                if got < 0 { failure = errno }
                guard got > 0 else { return }
                filled += got
            }
        }
        if let failure { throw .unreadable(failure) }
        return bytes
    }

    /// Part by part, so that no part can be a link out of the folder.
    private func open(_ name: String) throws(Failure) -> Int32 {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.allSatisfy({ !["", ".", ".."].contains($0) && !$0.utf8.contains(0) }) else { throw .missing }
        var current = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        for (index, part) in parts.enumerated() where current >= 0 {
            let isFolder = index < parts.count - 1
            let next = openat(current, part, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | (isFolder ? O_DIRECTORY : 0))
            let number = errno
            close(current)
            errno = number
            current = next
        }
        guard current >= 0 else { throw errno == ENOENT || errno == ENOTDIR ? .missing : .unreadable(errno) }
        return current
    }
}
