internal import FoundationEssentials
internal import Glibc

/// A worker's way to its service: one message a line.
package struct Outlet: Sendable {
    private let descriptor: Int32

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
}
