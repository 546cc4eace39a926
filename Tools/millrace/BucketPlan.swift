import AWS
import ObjectStore
import S3

/// What a bucket lacks of what Millrace needs.
struct BucketPlan {
    struct Change {
        let description: String
        let make: () async throws -> Void
    }

    let client: S3Client
    let origins: [String]
    let abortAfterDays: Int
    let cold: ColdStorage?

    func changes() async throws -> [Change] {
        let bucket = client.location.bucket
        let isThere = try await client.headBucket()
        var changes: [Change] = []
        if !isThere { changes.append(Change(description: "make the bucket \(bucket)") { try await client.createBucket() }) }
        let cors = isThere ? try await known { () async throws(S3Error) in try await client.corsRules() } : []
        let rule = corsRule
        if !cors.contains(rule) {
            changes.append(
                Change(description: "let pages of \(origins.joined(separator: ", ")) upload into \(bucket) (CORS)") {
                    try await client.setCORSRules(cors.filter { $0.id != rule.id } + [rule])
                })
        }
        let lifecycle = isThere ? try await known { () async throws(S3Error) in try await client.lifecycleRules() } : []
        return changes + lifecycleChanges(lifecycle)
    }

    /// None where the store does not know such rules: it will say so again when they are to be set.
    private func known<Rule>(_ rules: () async throws(S3Error) -> [Rule]) async throws(S3Error) -> [Rule] {
        do { return try await rules() } catch {
            guard error.isUnsupported else { throw error }
            return []
        }
    }

    var prefix: String { client.location.prefix.isEmpty ? "" : client.location.prefix + "/" }

    /// What a browser needs for presigned requests and for reading after a redirect.
    private var corsRule: S3CORSRule {
        S3CORSRule(
            id: "millrace-uploads" + client.location.suffix, origins: origins, methods: ["GET", "HEAD", "PUT"],
            headers: ["Content-Type", "If-None-Match", "Range"],
            exposed: ["ETag", "Content-Range", "Accept-Ranges"], maxAge: 86_400)
    }
}

extension S3Location {
    /// Ends the names of our rules: another installation may share the bucket, below another prefix.
    var suffix: String { prefix.isEmpty ? "" : "-" + sha256Hex(Array(prefix.utf8)).prefix(8) }
}

extension S3Error {
    /// The store does not know what is asked for, or not in this form.
    var isUnsupported: Bool {
        status == 501 || ["NotImplemented", "MethodNotAllowed", "MalformedXML", "UnsupportedOperation"].contains(code)
    }
}
