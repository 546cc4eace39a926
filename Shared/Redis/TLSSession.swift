internal import COpenSSL
internal import Glibc

/// TLS over a connected socket, whose timeouts bound every call: the only owner of an `SSL`. The socket stays its caller's.
struct TLSSession: ~Copyable {
    private let pointer: OpaquePointer

    /// Shakes hands and verifies the server: its certificate by the authorities, `host` by the certificate.
    static func open(_ socket: Int32, host: String, _ settings: RedisTLS) throws(RedisError) -> TLSSession {
        let context = try TLSContext.make(settings)
        guard let pointer = SSL_new(context.pointer) else { throw RedisError(.unavailable, "out of memory") }
        let session = TLSSession(pointer: pointer)
        try session.prepare(socket, host)
        try session.shakeHands()
        return session
    }

    private init(pointer: OpaquePointer) { self.pointer = pointer }

    deinit { SSL_free(pointer) }

    private func prepare(_ socket: Int32, _ host: String) throws(RedisError) {
        SSL_set_hostflags(pointer, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        // A host that is an IP address is compared with the certificate's addresses.
        guard SSL_set1_host(pointer, host) == 1, SSL_set_fd(pointer, socket) == 1,
            mr_is_ip_address(host) == 1 || mr_tls_indicate_name(pointer, host) == 1
        else { throw RedisError(.unavailable, openSSLFailure()) }
    }

    /// Sends all bytes.
    func write(_ bytes: UnsafeRawBufferPointer) throws(RedisError) {
        guard bytes.count > 0 else { return }
        var written = 0
        try complete { SSL_write_ex(pointer, bytes.baseAddress, bytes.count, &written) }
    }

    /// Waits for bytes.
    /// - Returns: how many have come, at least one.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(RedisError) -> Int {
        var count = 0
        try complete { SSL_read_ex(pointer, buffer.baseAddress, buffer.count, &count) }
        return count
    }

    private func shakeHands() throws(RedisError) {
        do { try complete { SSL_connect(pointer) } } catch {
            let verdict = SSL_get_verify_result(pointer)
            guard verdict != X509_V_OK else { throw error }
            let reason = String(cString: X509_verify_cert_error_string(verdict))
            throw RedisError(.unavailable, "the server's certificate is refused: \(reason)")
        }
    }

    /// Repeats a call until it succeeds, as long as only signals interrupt it.
    private func complete(_ call: () -> Int32) throws(RedisError) {
        while true {
            ERR_clear_error()
            errno = 0
            let status = call()
            if status == 1 { return }
            let cause = errno
            switch SSL_get_error(pointer, status) {
            case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE:
                if cause != EINTR { throw RedisError(.timeout, "no answer in time") }
            case SSL_ERROR_ZERO_RETURN: throw RedisError(.unavailable, "Server closed the connection")
            case SSL_ERROR_SYSCALL: throw RedisError(.unavailable, String(cString: strerror(cause)))
            default: throw RedisError(.unavailable, openSSLFailure())
            }
        }
    }
}
