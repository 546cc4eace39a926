/// Where spans go, by the variables that OpenTelemetry names for it.
package struct TraceSettings: Sendable {
    /// The whole address.
    let endpoint: String
    /// For example a collector's key.
    let headers: [(name: String, value: Secret)]

    /// Reads `OTEL_EXPORTER_OTLP_ENDPOINT`, to which `/v1/traces` is added, and `OTEL_EXPORTER_OTLP_HEADERS` (`name=value,…`).
    /// Nil where there is no endpoint.
    init?(_ environment: Environment) throws(SettingsError) {
        let (address, fields) = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_HEADERS")
        guard environment.value(address) != nil else { return nil }
        endpoint = try environment.url(address, default: "") + "/v1/traces"
        headers = try environment.list(fields, default: []).map { text throws(SettingsError) in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty else { throw SettingsError(fields, "must be like name=value,name=value") }
            return (parts[0], Secret(parts[1]))
        }
    }
}
