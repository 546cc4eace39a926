import Crypto
import FoundationEssentials
import HTTPServer

/// The header `Upload-Checksum`: the algorithm, and the digest in Base64.
struct TusChecksum: Sendable {
    static let algorithms = "md5,sha1,sha256,sha512"

    private let algorithm: String
    private let digest: [UInt8]

    /// Nil without the header.
    /// - Throws: 400 for an algorithm that is not ours or a digest that is none.
    init?(_ header: String?) throws(Problem) {
        guard let header else { return nil }
        let parts = header.split(separator: " ")
        guard parts.count == 2, Self.algorithms.split(separator: ",").contains(parts[0]),
            let digest = Data(base64Encoded: String(parts[1]))
        else { throw .tusHeader(.uploadChecksum, "must be one of \(Self.algorithms) and a digest in Base64") }
        algorithm = String(parts[0])
        self.digest = Array(digest)
    }

    func fits(_ bytes: some Sequence<UInt8>) -> Bool {
        let bytes = Array(bytes)
        let actual: [UInt8] =
            switch algorithm {
            case "md5": Array(Insecure.MD5.hash(data: bytes))
            case "sha1": Array(Insecure.SHA1.hash(data: bytes))
            case "sha256": Array(SHA256.hash(data: bytes))
            default: Array(SHA512.hash(data: bytes))
            }
        return actual == digest
    }
}
