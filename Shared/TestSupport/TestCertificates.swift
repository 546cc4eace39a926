/// An authority made on the spot, and what it signs: PEM files in a temporary directory, removed with the last reference.
package final class TestCertificates: Sendable {
    /// Files of a certificate and of its key.
    package struct Pair: Sendable {
        package let certificate: String
        package let key: String
    }

    package let authority: Pair
    private let directory = TemporaryDirectory()

    package init() throws {
        authority = Self.pair("authority", in: directory)
        try Self.make(authority, named: "Test authority", [])
    }

    deinit { directory.remove() }

    /// A certificate signed by the authority.
    /// - Parameters:
    ///   - name: of the files and of the subject.
    ///   - hosts: what it is valid for, as OpenSSL writes it: `DNS:localhost`, `IP:127.0.0.1`.
    package func sign(_ name: String, hosts: [String]) throws -> Pair {
        let pair = Self.pair(name, in: directory)
        let names = hosts.isEmpty ? [] : ["-addext", "subjectAltName=" + hosts.joined(separator: ",")]
        try Self.make(pair, named: name, ["-CA", authority.certificate, "-CAkey", authority.key] + names)
        return pair
    }

    private static func pair(_ name: String, in directory: TemporaryDirectory) -> Pair {
        Pair(certificate: "\(directory.path)/\(name).pem", key: "\(directory.path)/\(name).key")
    }

    private static func make(_ pair: Pair, named name: String, _ options: [String]) throws {
        try ChildProcess.run(
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=\(name)", "-keyout", pair.key, "-out", pair.certificate,
            ] + options)
    }
}
