internal import COpenSSL

/// The RSA key in an X.509 certificate: the only owner of an `EVP_PKEY`. Who signed the certificate is not asked: it is good because of
/// the address it was fetched from over TLS (see `SNSAddress`).
struct SigningCertificate: ~Copyable {
    enum Digest { case sha1, sha256 }

    private let key: OpaquePointer

    /// - Throws: `.badCertificate` for what is no certificate in PEM, is not valid now, or has no RSA key of at least 2048 bits.
    init(pem: [UInt8]) throws(SNSError) {
        ERR_clear_error()
        defer { ERR_clear_error() }
        guard let certificate = Self.read(pem) else { throw SNSError(.badCertificate, "no certificate in PEM") }
        defer { X509_free(certificate) }
        guard X509_cmp_current_time(X509_get0_notBefore(certificate)) == -1,
            X509_cmp_current_time(X509_get0_notAfter(certificate)) == 1
        else { throw SNSError(.badCertificate, "the certificate is not valid now") }
        guard let key = X509_get_pubkey(certificate) else { throw SNSError(.badCertificate, "the certificate has no key") }
        guard EVP_PKEY_is_a(key, "RSA") == 1, EVP_PKEY_get_bits(key) >= 2048 else {
            EVP_PKEY_free(key)
            throw SNSError(.badCertificate, "the certificate's key is not RSA with 2048 bits")
        }
        self.key = key
    }

    deinit { EVP_PKEY_free(key) }

    private static func read(_ pem: [UInt8]) -> OpaquePointer? {
        guard !pem.isEmpty, let source = BIO_new_mem_buf(pem, Int32(clamping: pem.count)) else { return nil }
        defer { BIO_free(source) }
        return PEM_read_bio_X509(source, nil, { _, _, _, _ in 0 }, nil)
    }

    /// Whether `signature` is that of `text`: RSASSA-PKCS1-v1_5 (RFC 8017, section 8.2).
    func isValid(_ signature: [UInt8], of text: [UInt8], _ digest: Digest) -> Bool {
        guard let context = EVP_MD_CTX_new() else { return false }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        let hash = digest == .sha1 ? EVP_sha1() : EVP_sha256()
        guard EVP_DigestVerifyInit(context, nil, hash, nil, key) == 1 else { return false }
        return EVP_DigestVerify(context, signature, signature.count, text, text.count) == 1
    }
}
