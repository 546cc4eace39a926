import Glibc

/// A block of IP addresses as `10.0.0.0/8` or `fc00::/7` write it.
struct AddressBlock: Sendable {
    private let bytes: [UInt8]
    private let bits: Int

    /// Nil for anything else than such a text.
    init?(_ text: String) {
        let parts = text.split(separator: "/")
        guard parts.count == 2, let bytes = Self.bytes(of: String(parts[0])), let bits = Int(parts[1]),
            (0...bytes.count * 8).contains(bits)
        else { return nil }
        self.bytes = bytes
        self.bits = bits
    }

    /// - Parameter address: the 4 or 16 bytes of an address; of another family it is not in the block.
    func contains(_ address: some Collection<UInt8>) -> Bool {
        guard address.count == bytes.count else { return false }
        return zip(address, bytes).enumerated().allSatisfy { index, pair in
            let significant = min(8, max(0, bits - index * 8))
            return (pair.0 ^ pair.1) >> (8 - significant) == 0
        }
    }

    /// The 4 or 16 bytes that an IP address is written for; nil for anything else, also with a port or a zone.
    static func bytes(of address: String) -> [UInt8]? {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, address, &bytes) == 1 { return bytes }
        }
        return nil
    }
}
