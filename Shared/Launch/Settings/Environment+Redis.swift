package import Redis

extension Environment {
    /// `MILLRACE_REDIS_URL` and, for TLS, `MILLRACE_REDIS_CA_FILE`, `MILLRACE_REDIS_CERT_FILE` and `MILLRACE_REDIS_KEY_FILE`.
    package func redisURL() throws(SettingsError) -> RedisURL {
        let name = "MILLRACE_REDIS_URL"
        var url: RedisURL
        // The error never shows the text: it may hold a password.
        do { url = try RedisURL(string(name, default: "redis://127.0.0.1:6379")) } catch {
            throw SettingsError(name, "\(error)")
        }
        guard let tls = try redisTLS() else { return url }
        guard url.tls != nil else { throw SettingsError(name, "must start with rediss:// to be used with certificates") }
        url.tls = tls
        return url
    }

    private func redisTLS() throws(SettingsError) -> RedisTLS? {
        let (certificate, key) = ("MILLRACE_REDIS_CERT_FILE", "MILLRACE_REDIS_KEY_FILE")
        let tls = RedisTLS(
            authorityFile: value("MILLRACE_REDIS_CA_FILE"), certificateFile: value(certificate), keyFile: value(key))
        guard tls != RedisTLS() else { return nil }
        guard (tls.certificateFile == nil) == (tls.keyFile == nil) else {
            throw SettingsError(tls.keyFile == nil ? key : certificate, "is required too: certificate and key go together")
        }
        do { try tls.check() } catch { throw SettingsError("MILLRACE_REDIS_*_FILE", error.description) }
        return tls
    }
}
