import FoundationEssentials
import Redis

extension RedisServer {
    /// What a server for tests can have beyond the ordinary.
    package struct Features: Sendable {
        /// It speaks TLS only, with a certificate of this authority.
        package var certificates: TestCertificates?
        /// For which its certificate is good, beside 127.0.0.1.
        package var name = "localhost"
        /// Clients must show a certificate.
        package var asksForCertificates = false
        /// The lines of an ACL file; `admin` comes beside them.
        package var users: String?
        /// Whatever it has acknowledged outlives SIGKILL (`appendfsync always`; with `everysec` Redis may hold on to what it has
        /// acknowledged while the disk is busy). It is slower so.
        package var keepsAllWhenKilled = false
        /// It can become a node of a cluster that notices within a second when one is gone.
        var isNode = false

        package init(certificates: TestCertificates? = nil, users: String? = nil) {
            self.certificates = certificates
            self.users = users
        }
    }
}

extension RedisServer.Features {
    func makeServer() throws -> RedisServer {
        let (directory, port, busPort) = (TemporaryDirectory(), try freePort(), try freePort())
        var options = ["dir": directory.path, "appendonly": "yes"]
        var url = try RedisURL("redis\(certificates == nil ? "" : "s")://\(users == nil ? "" : "admin:admin@")127.0.0.1:\(port)")
        if keepsAllWhenKilled { options["appendfsync"] = "always" }
        if let certificates {
            let pair = try certificates.sign("server-\(port)", hosts: ["DNS:\(name)", "IP:127.0.0.1"])
            options.merge(tlsOptions(certificates, pair, port)) { $1 }
            url.tls = RedisTLS(
                authorityFile: certificates.authority.certificate, certificateFile: pair.certificate, keyFile: pair.key)
        }
        if let users {
            options["aclfile"] = directory.path + "/users.acl"
            let lines = Data((users + "\nuser admin on >admin ~* &* +@all\n").utf8)
            try lines.write(to: URL(filePath: directory.path + "/users.acl"))
        }
        if isNode { options.merge(nodeOptions(busPort)) { $1 } }
        return RedisServer(url, directory, options: options, busPort: busPort)
    }

    private func tlsOptions(_ certificates: TestCertificates, _ pair: TestCertificates.Pair, _ port: Int) -> [String: String] {
        [
            "port": "0", "tls-port": String(port), "tls-cert-file": pair.certificate, "tls-key-file": pair.key,
            "tls-ca-cert-file": certificates.authority.certificate, "tls-auth-clients": asksForCertificates ? "yes" : "no",
        ]
    }

    private func nodeOptions(_ busPort: Int) -> [String: String] {
        var options = [
            "cluster-enabled": "yes", "cluster-port": String(busPort), "databases": "1", "cluster-node-timeout": "1000",
            "cluster-replica-validity-factor": "0", "repl-diskless-sync-delay": "0",
        ]
        if certificates != nil { options.merge(["tls-cluster": "yes", "tls-replication": "yes"]) { $1 } }
        if users != nil { options.merge(["masteruser": "replica", "masterauth": "replica"]) { $1 } }
        return options
    }
}
