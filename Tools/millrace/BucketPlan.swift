import ObjectStore
import S3

/// What a bucket lacks of what Millrace needs.
struct BucketPlan {
    struct Change {
        let description: String
        let make: () async throws -> Void
    }

    private static let corsID = "millrace-uploads"

    let client: S3Client
    let origins: [String]
    let abortAfterDays: Int
    let cold: ColdStorage?

    func changes() async throws -> [Change] {
        let bucket = client.location.bucket
        let isThere = try await client.headBucket()
        var changes: [Change] = []
        if !isThere { changes.append(Change(description: "make the bucket \(bucket)") { try await client.createBucket() }) }
        let cors = isThere ? try await client.corsRules() : []
        let rule = corsRule
        if !cors.contains(rule) {
            changes.append(
                Change(description: "let pages of \(origins.joined(separator: ", ")) upload into \(bucket) (CORS)") {
                    try await client.setCORSRules(cors.filter { $0.id != Self.corsID } + [rule])
                })
        }
        changes += lifecycleChanges(isThere ? try await client.lifecycleRules() : [])
        return changes
    }

    var prefix: String { client.location.prefix.isEmpty ? "" : client.location.prefix + "/" }

    /// What a browser needs for presigned requests and for reading after a redirect.
    private var corsRule: S3CORSRule {
        S3CORSRule(
            id: Self.corsID, origins: origins, methods: ["GET", "HEAD", "PUT"],
            headers: ["Content-Type", "If-None-Match", "Range"],
            exposed: ["ETag", "Content-Range", "Accept-Ranges"], maxAge: 86_400)
    }
}
