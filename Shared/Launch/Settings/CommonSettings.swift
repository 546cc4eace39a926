import FoundationEssentials
package import Logging
package import ObjectStore
package import Redis

/// What every service is told by its environment.
package struct CommonSettings: Sendable {
    /// The service's name: in logs, event sources and consumer names.
    package let service: String
    package let host: String
    package let port: Int
    package let redisURL: RedisURL
    package let partitions: Int
    /// `file:///a/directory`.
    package let store: String
    /// Nil where originals stay for ever.
    package let cold: ColdStorage?
    /// Under which clients reach the edge; without trailing slash.
    package let publicURL: String
    /// The secret behind presigned URLs; the same for all services.
    package let signingKey: Secret
    package let logFormat: LogFormat
    package let logLevel: Logger.Level
    /// How many handlers run at once.
    package let concurrency: Int
    package let visibility: Duration
    /// How long work in flight may take to finish after SIGTERM.
    package let grace: Duration
    package let maxAttempts: Int
    package let allowEviction: Bool
    /// Nil when nobody wants spans.
    package let traces: TraceSettings?

    /// Reads `MILLRACE_HOST`, `MILLRACE_PORT`, `MILLRACE_REDIS_URL` with its certificates' files, `MILLRACE_PARTITIONS`, `MILLRACE_STORE`
    /// with its cold storage, `MILLRACE_PUBLIC_URL`, `MILLRACE_SIGNING_KEY`, `MILLRACE_LOG`, `MILLRACE_LOG_LEVEL`, `MILLRACE_CONCURRENCY`,
    /// `MILLRACE_VISIBILITY`, `MILLRACE_GRACE`, `MILLRACE_MAX_ATTEMPTS`, `MILLRACE_ALLOW_EVICTION`, `OTEL_EXPORTER_OTLP_ENDPOINT`
    /// and `OTEL_EXPORTER_OTLP_HEADERS`.
    package init(_ environment: Environment, service: String, defaultPort: Int) throws(SettingsError) {
        self.service = service
        (host, port) = try Self.address(environment, defaultPort)
        redisURL = try environment.redisURL()
        partitions = try environment.int("MILLRACE_PARTITIONS", default: 1, in: RedisKeys.partitions)
        store = try environment.string("MILLRACE_STORE", default: "file://./.millrace/store")
        cold = try environment.coldStorage(of: store)
        publicURL = try environment.url("MILLRACE_PUBLIC_URL", default: "http://localhost:8080")
        signingKey = try Self.signingKey(environment)
        logFormat = try environment.choice("MILLRACE_LOG", default: .text)
        logLevel = try environment.choice("MILLRACE_LOG_LEVEL", default: .info)
        concurrency = try environment.int("MILLRACE_CONCURRENCY", default: 16, in: 1...1024)
        visibility = try environment.duration("MILLRACE_VISIBILITY", default: .seconds(60), in: .seconds(1) ... .seconds(3600))
        grace = try environment.duration("MILLRACE_GRACE", default: .seconds(20), in: .zero ... .seconds(3600))
        maxAttempts = try environment.int("MILLRACE_MAX_ATTEMPTS", default: 8, in: 1...100)
        allowEviction = try environment.bool("MILLRACE_ALLOW_EVICTION", default: false)
        traces = try TraceSettings(environment)
    }

    /// Where the service listens: all that `--health` needs to know.
    static func address(_ environment: Environment, _ defaultPort: Int) throws(SettingsError) -> (host: String, port: Int) {
        (
            try environment.string("MILLRACE_HOST", default: "127.0.0.1"),
            try environment.int("MILLRACE_PORT", default: defaultPort, in: 1...65535)
        )
    }

    private static func signingKey(_ environment: Environment) throws(SettingsError) -> Secret {
        let name = "MILLRACE_SIGNING_KEY"
        guard let key = try environment.secret(name, minimumLength: 32) else {
            throw SettingsError(name, "is required: at least 32 random characters, the same for every service")
        }
        return key
    }
}
