import Glibc
import Synchronization

/// A TCP server on loopback that answers each connection with a script: it can say what no HTTP server would. It lives
/// until `stop` or the end of the process.
package final class RawServer: Sendable {
    package struct Connection: Sendable {
        fileprivate let descriptor: Int32

        /// Everything up to the empty line; nil when the client has gone.
        package func readHead() -> String? {
            var bytes: [UInt8] = []
            while !bytes.ends(with: "\r\n\r\n".utf8) {
                guard let byte = read(atMost: 1)?.first else { return nil }
                bytes.append(byte)
            }
            return String(decoding: bytes, as: UTF8.self)
        }

        package func read(atMost count: Int) -> [UInt8]? {
            var buffer = [UInt8](repeating: 0, count: count)
            let got = recv(descriptor, &buffer, count, 0)
            return got > 0 ? Array(buffer.prefix(got)) : nil
        }

        package func read(exactly count: Int) -> [UInt8]? {
            var bytes: [UInt8] = []
            while bytes.count < count {
                guard let more = read(atMost: min(65_536, count - bytes.count)) else { return nil }
                bytes += more
            }
            return bytes
        }

        /// False when the client has gone.
        /// - Parameter heldBack: called when the client has taken nothing for half a second.
        @discardableResult
        package func write(_ bytes: [UInt8], heldBack: () -> Void = {}) -> Bool {
            var sent = 0
            while sent < bytes.count {
                waitForRoom(heldBack)
                let count = bytes[sent...].withUnsafeBytes {
                    send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
                }
                guard count > 0 || errno == EAGAIN else { return false }
                sent += max(0, count)
            }
            return true
        }

        private func waitForRoom(_ heldBack: () -> Void) {
            var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            if poll(&room, 1, 500) == 0 { heldBack() }
        }

        @discardableResult
        package func write(_ text: String) -> Bool { write(Array(text.utf8)) }

        package func answer(_ status: String = "200 OK", headers: String = "", body: String = "") {
            write("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
        }
    }

    package let port: Int
    private let listener: Int32
    private let accepted = Atomic<Int>(0)
    /// How many connections there have been.
    package var connections: Int { accepted.load(ordering: .sequentiallyConsistent) }

    package init(_ script: @escaping @Sendable (Connection) -> Void) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        port = try Self.listen(listener)
        let descriptor = listener
        Self.thread { [self] in
            while true {
                let client = accept(descriptor, nil, nil)
                guard client >= 0 else {
                    // Invalid once shut down; anything else passes.
                    guard errno == EINVAL else { continue }
                    close(descriptor)
                    return
                }
                accepted.add(1, ordering: .sequentiallyConsistent)
                Self.thread {
                    script(Connection(descriptor: client))
                    // Closing alone would not end it while a process that another test started has inherited the socket.
                    shutdown(client, Int32(SHUT_RDWR))
                    close(client)
                }
            }
        }
    }

    /// Refuses connections from now on; the accepting thread closes the socket, so that its number is not taken over early.
    package func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    package func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }

    private static func listen(_ descriptor: Int32) throws -> Int {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) | Glibc.listen(descriptor, 64) | getsockname(descriptor, $0, &size)
            }
        }
        guard status == 0 else { throw Unavailable() }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    struct Unavailable: Error {}

    private static func thread(_ body: @escaping @Sendable () -> Void) {
        final class Box { let body: @Sendable () -> Void; init(_ body: @escaping @Sendable () -> Void) { self.body = body } }
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
                return nil
            }, Unmanaged.passRetained(Box(body)).toOpaque())
        pthread_detach(thread)
    }
}

extension Array where Element == UInt8 {
    func ends(with suffix: some Collection<UInt8>) -> Bool {
        count >= suffix.count && self.suffix(suffix.count).elementsEqual(suffix)
    }
}
