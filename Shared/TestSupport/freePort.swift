import Glibc
import Synchronization

/// Ports below those that the kernel gives to outgoing connections (32768 and up on Linux): nobody takes one of these by
/// chance between the moment it is found free and the moment its server listens.
private let ports = 20_000..<32_000
private let next = Atomic(Int.random(in: ports))

/// A TCP port on which nobody listens on loopback at the moment; never the same twice in one process.
package func freePort() throws -> Int {
    for _ in ports {
        let count = next.wrappingAdd(1, ordering: .relaxed).oldValue
        let port = ports.lowerBound + count % ports.count
        if try isFree(port) { return port }
    }
    throw ProcessError(description: "no free port from \(ports.lowerBound) to \(ports.upperBound)")
}

func isFree(_ port: Int) throws -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw ProcessError(description: "socket: \(errno)") }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
    }
}
