/// How the server of a `rediss://` URL is verified, and how it may verify us. Files are PEM and read at every connect, so
/// that renewed certificates need no restart.
package struct RedisTLS: Sendable, Hashable {
    /// The authorities that may have signed the server's certificate; nil for those that the system trusts.
    package var authorityFile: String?
    /// Our own certificate, followed by its chain, for servers that ask for one.
    package var certificateFile: String?
    /// The unencrypted key of `certificateFile`.
    package var keyFile: String?

    package init(authorityFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil) {
        self.authorityFile = authorityFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }

    /// Whether the files can be read and fit each other.
    /// - Throws: `.unavailable`, with the file's name.
    package func check() throws(RedisError) { _ = try TLSContext.make(self) }
}
