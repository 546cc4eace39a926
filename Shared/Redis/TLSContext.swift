internal import COpenSSL

/// What OpenSSL has read of the files of a `RedisTLS`: the only owner of an `SSL_CTX`.
struct TLSContext: ~Copyable {
    let pointer: OpaquePointer

    static func make(_ settings: RedisTLS) throws(RedisError) -> TLSContext {
        ERR_clear_error()
        guard let pointer = SSL_CTX_new(TLS_client_method()) else { throw RedisError(.unavailable, "out of memory") }
        let context = TLSContext(pointer: pointer)
        try context.configure(settings)
        return context
    }

    private init(pointer: OpaquePointer) { self.pointer = pointer }

    deinit { SSL_CTX_free(pointer) }

    private func configure(_ settings: RedisTLS) throws(RedisError) {
        SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, nil)
        // An encrypted key must not make OpenSSL ask for its password on the terminal.
        SSL_CTX_set_default_passwd_cb(pointer) { _, _, _, _ in 0 }
        try Self.check(mr_tls_require_version_1_2(pointer), "TLS 1.2")
        try trust(settings.authorityFile)
        if let file = settings.certificateFile { try Self.check(SSL_CTX_use_certificate_chain_file(pointer, file), file) }
        if let file = settings.keyFile { try Self.check(SSL_CTX_use_PrivateKey_file(pointer, file, SSL_FILETYPE_PEM), file) }
    }

    private func trust(_ file: String?) throws(RedisError) {
        if let file {
            try Self.check(SSL_CTX_load_verify_locations(pointer, file, nil), file)
        } else {
            try Self.check(SSL_CTX_set_default_verify_paths(pointer), "the system's certificates")
        }
    }

    private static func check(_ status: Int32, _ what: String) throws(RedisError) {
        if status != 1 { throw RedisError(.unavailable, "\(what): \(openSSLFailure())") }
    }
}

/// What OpenSSL says of this thread's last failure.
func openSSLFailure() -> String {
    let code = ERR_peek_last_error()
    defer { ERR_clear_error() }
    return ERR_reason_error_string(code).map { String(cString: $0) } ?? "TLS failed"
}
