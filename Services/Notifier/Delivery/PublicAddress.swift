/// Which addresses belong to the public Internet. All others lead into somebody's own network, first of all into ours: loopback,
/// private and link-local ones, cloud metadata, carriers' NAT, multicast.
///
/// Sources: IANA's special-purpose address registries for IPv4 and IPv6 (RFC 6890), RFC 6052 for NAT64.
enum PublicAddress {
    static func contains(_ text: String) -> Bool {
        guard let bytes = AddressBlock.bytes(of: text) else { return false }
        if bytes.count == 4 { return !special4.contains { $0.contains(bytes) } }
        if nat64.contains(where: { $0.contains(bytes) }) { return !special4.contains { $0.contains(bytes[12...]) } }
        // What else is not global unicast (2000::/3) is internal: mapped IPv4 too, which no resolver answers.
        return global6.contains { $0.contains(bytes) } && !special6.contains { $0.contains(bytes) }
    }

    private static let special4 = blocks(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",
        "240.0.0.0/4",
        // Azure's metadata and health service, within public space.
        "168.63.129.16/32")

    private static let global6 = blocks("2000::/3")
    /// Protocol assignments with Teredo, documentation, 6to4 (which hides an IPv4 address).
    private static let special6 = blocks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
    /// Holds an IPv4 address in its last four bytes: all that a network without IPv4 has of the old Internet.
    private static let nat64 = blocks("64:ff9b::/96")

    private static func blocks(_ texts: String...) -> [AddressBlock] { texts.compactMap { AddressBlock($0) } }
}
