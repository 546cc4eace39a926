/// A queue's URL taken apart: `https://sqs.eu-central-1.amazonaws.com/123456789012/media`.
struct SQSAddress: Sendable, Hashable {
    let url: String
    /// Scheme and authority, where requests go.
    let endpoint: String
    let host: String
    /// Nil where the host does not tell.
    let region: String?

    /// Nil unless it is an http(s) URL with host and path, without user, query or fragment.
    init?(_ url: String) {
        let parts = url.split(separator: "://", maxSplits: 1).map(String.init)
        guard parts.count == 2, ["http", "https"].contains(parts[0]), url.utf8.count <= 512,
            let slash = parts[1].firstIndex(of: "/"), slash > parts[1].startIndex,
            parts[1].index(after: slash) < parts[1].endIndex
        else { return nil }
        let host = parts[1][..<slash]
        let isPlain = { (byte: UInt8) in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "-._:/[]".utf8.contains(byte)
        }
        guard parts[1].utf8.allSatisfy(isPlain) else { return nil }
        self.url = url
        self.host = String(host)
        endpoint = "\(parts[0])://\(host)"
        let names = host.split(separator: ".")
        region = names.count >= 4 && names[0] == "sqs" && names[2] == "amazonaws" ? String(names[1]) : nil
    }
}
