/// The slot of a key: who serves it serves the key.
///
/// Source: the Redis Cluster specification, "Key distribution model" and "Hash tags".
package enum HashSlot {
    package static let count = 16_384

    /// CRC16 of the key, or only of what stands between its first braces, modulo 16384.
    package static func of(_ key: String) -> Int { crc16(tag(key.utf8[...])) % count }

    private static func tag(_ key: Substring.UTF8View) -> Substring.UTF8View {
        guard let open = key.firstIndex(of: UInt8(ascii: "{")) else { return key }
        let rest = key[key.index(after: open)...]
        guard let close = rest.firstIndex(of: UInt8(ascii: "}")), close > rest.startIndex else { return key }
        return rest[..<close]
    }

    /// CRC-16/XMODEM: polynomial 0x1021, nothing reflected, 0 at the start.
    static func crc16(_ bytes: some Sequence<UInt8>) -> Int {
        var crc: UInt16 = 0
        for byte in bytes {
            crc ^= UInt16(byte) << 8
            for _ in 0..<8 { crc = crc & 0x8000 == 0 ? crc << 1 : crc << 1 ^ 0x1021 }
        }
        return Int(crc)
    }
}
