import Crypto

/// HMAC-SHA256 over an upload's terms.
struct UploadSignature: Sendable {
    private let key: SymmetricKey

    init(key: [UInt8]) { self.key = SymmetricKey(data: key) }

    func sign(_ terms: UploadTerms, method: String) -> String { hex(code(terms, method)) }

    /// In constant time.
    func isValid(_ signature: String, _ terms: UploadTerms, method: String) -> Bool {
        let given = Array(signature.utf8)
        let right = Array(sign(terms, method: method).utf8)
        guard given.count == right.count else { return false }
        return zip(given, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private func code(_ terms: UploadTerms, _ method: String) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Array(terms.canonical(method: method).utf8), using: key)
    }
}
