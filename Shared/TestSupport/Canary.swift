import FoundationEssentials
import Glibc

/// What a playlist would make a player open: a file that tells when it is opened, and a port that tells when somebody knocks.
package final class Canary {
    package let directory = TemporaryDirectory()
    package let path: String
    package let port: Int
    private let watch: Int32
    private let listener: Int32

    package init() throws {
        path = "\(directory.path)/canary.ts"
        try Data("secret".utf8).write(to: URL(filePath: path))
        watch = inotify_init1(Int32(IN_NONBLOCK))
        inotify_add_watch(watch, path, UInt32(IN_OPEN | IN_ACCESS))
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(listener, $0, length)
                _ = listen(listener, 8)
                _ = getsockname(listener, $0, &length)
            }
        }
        port = Int(in_port_t(bigEndian: address.sin_port))
    }

    deinit {
        close(watch)
        close(listener)
        directory.remove()
    }

    /// Whether somebody has opened the file or knocked since the last time.
    package func hasSung() -> Bool {
        var events = [UInt8](repeating: 0, count: 4096)
        let count = read(watch, &events, events.count)
        let caller = accept(listener, nil, nil)
        if caller >= 0 { close(caller) }
        return count > 0 || caller >= 0
    }
}
