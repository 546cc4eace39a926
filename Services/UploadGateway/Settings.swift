import Launch

/// What only this service is told by its environment; read once at start.
struct Settings: Sendable {
    /// Bytes: `MILLRACE_MAX_UPLOAD_BYTES`, 5 GiB.
    let maxSize: Int64
    /// Bytes: a larger upload comes in parts. `MILLRACE_MULTIPART_THRESHOLD`, 16 MiB.
    let multipartThreshold: Int64
    /// Bytes of a part: `MILLRACE_PART_BYTES`, 16 MiB; larger where 10,000 parts would not do.
    let partSize: Int64
    /// How long a presigned URL lives: `MILLRACE_UPLOAD_URL_LIFETIME`, one hour.
    let urlLifetime: Duration
    /// How long an upload may take before it counts as abandoned: `MILLRACE_UPLOAD_DEADLINE`, one day.
    let uploadDeadline: Duration
    /// How long an uploaded media may go without news: `MILLRACE_STEP_DEADLINE`, one hour.
    let stepDeadline: Duration
    /// Origins whose pages may use `/files`: `MILLRACE_CORS_ORIGINS`, every one (`*`); `none` for none.
    let corsOrigins: [String]
    /// Whether readers of `/files` are sent to the bucket itself: `MILLRACE_FILES_REDIRECT`. Off: the bytes come through here.
    let filesRedirect: Bool
    /// Where nginx keeps the file store for `X-Accel-Redirect`: `MILLRACE_ACCEL`, for example `/_store`. Off when absent.
    let accelPrefix: String?

    init(_ environment: Environment) throws {
        let mebibyte = 1 << 20
        maxSize = Int64(try environment.int("MILLRACE_MAX_UPLOAD_BYTES", default: 5120 * mebibyte, in: 1...(5 << 40)))
        multipartThreshold = Int64(
            try environment.int("MILLRACE_MULTIPART_THRESHOLD", default: 16 * mebibyte, in: 1...(5120 * mebibyte)))
        partSize = Int64(
            try environment.int("MILLRACE_PART_BYTES", default: 16 * mebibyte, in: (5 * mebibyte)...(5120 * mebibyte)))
        urlLifetime = try environment.duration(
            "MILLRACE_UPLOAD_URL_LIFETIME", default: .seconds(3600), in: .seconds(1) ... .seconds(7 * 86_400))
        uploadDeadline = try environment.duration("MILLRACE_UPLOAD_DEADLINE", default: .seconds(86_400))
        stepDeadline = try environment.duration("MILLRACE_STEP_DEADLINE", default: .seconds(3600))
        corsOrigins = try environment.list("MILLRACE_CORS_ORIGINS", default: ["*"]).filter { $0 != "none" }
        filesRedirect = try environment.bool("MILLRACE_FILES_REDIRECT", default: false)
        accelPrefix = try Self.accelPrefix(environment)
    }

    private static func accelPrefix(_ environment: Environment) throws(SettingsError) -> String? {
        let name = "MILLRACE_ACCEL"
        let text = try environment.string(name, default: "")
        guard !text.isEmpty else { return nil }
        guard text.count > 1, text.first == "/", text.last != "/", text.utf8.allSatisfy({ (33...126).contains($0) }) else {
            throw SettingsError(name, value: text, isNot: "a path like /_store")
        }
        return text
    }
}
