internal import Glibc

/// How a process takes part in the bus.
package struct RedisBusOptions: Sendable {
    /// How many slices the bus has: the same number in every process, for ever.
    package var partitions = 1
    /// An entry whose consumer has been silent for this long is given to another.
    package var visibility: Duration = .seconds(60)
    /// This process among the consumers of its groups.
    package var consumerName: String
    /// Accepts a Redis that may evict keys and so lose events.
    package var allowEviction = false

    package init() {
        let host = Self.hostName.map { $0.isASCII && !$0.isWhitespace ? $0 : "-" }
        consumerName = "\(String(host))-\(getpid())-\(String(UInt32.random(in: .min ... .max), radix: 16))"
    }

    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "host" }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
