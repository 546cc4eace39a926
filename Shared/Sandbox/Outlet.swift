internal import CSandbox
internal import FoundationEssentials
internal import Glibc

/// A worker's way to its service: one message a line; and to the files that it was given to read.
package struct Outlet: Sendable {
    private let descriptor: Int32
    private var opened: [String: Int32] = [:]

    /// Takes standard output for itself: what libraries print there goes to standard error from now on.
    init() {
        descriptor = fcntl(1, F_DUPFD_CLOEXEC, 3)
        dup2(2, 1)
    }

    /// - Throws: what encoding throws. That nobody listens any more ends the process: its work is for nobody.
    package func send(_ message: some Encodable) throws {
        var bytes = ArraySlice([UInt8](try JSONEncoder().encode(message)) + [UInt8(ascii: "\n")])
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 { bytes = bytes.dropFirst(count) } else if errno != EINTR { exit(1) }
        }
    }

    /// The path by which a file is read that was named as readable: it is open already, `/dev/fd/…`.
    package func path(_ file: String) -> String { opened[file].map { "/dev/fd/\($0)" } ?? file }

    mutating func open(_ files: [String]) {
        for file in files where opened[file] == nil {
            var status = stat()
            guard stat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            let descriptor = Glibc.open(file, O_RDONLY | O_CLOEXEC)
            if descriptor >= 0 { opened[file] = descriptor }
        }
    }
}
