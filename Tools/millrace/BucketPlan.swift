import ObjectStore
import S3

/// What a bucket lacks of what Millrace needs.
struct BucketPlan {
    struct Change {
        let description: String
        let make: () async throws -> Void
    }

    private static let corsID = "millrace-uploads"
    /// What the rules' names begin with; earlier there was one of this very name, for all that is below the prefix.
    private static let abortID = "millrace-abort"

    let client: S3Client
    let origins: [String]
    let abortAfterDays: Int

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
        let lifecycle = isThere ? try await client.lifecycleRules() : []
        let (aborts, ids) = (abortRules, Set([Self.abortID] + abortRules.map(\.id)))
        if Set(lifecycle.filter { ids.contains($0.id) }) != Set(aborts) {
            changes.append(
                Change(description: "abort uploads in parts after \(abortAfterDays) days (lifecycle)") {
                    try await client.setLifecycleRules(lifecycle.filter { !ids.contains($0.id) } + aborts)
                })
        }
        return changes
    }

    private var prefix: String { client.location.prefix.isEmpty ? "" : client.location.prefix + "/" }

    /// Only where our own uploads lie: the bucket may be shared.
    private var abortRules: [S3LifecycleRule] {
        S3Store.uploadPrefixes.map { place in
            let id = "\(Self.abortID)-\(place.dropLast())"
            return S3LifecycleRule.abortUploads(id: id, prefix: prefix + place, afterDays: abortAfterDays)
        }
    }

    /// What a browser needs for presigned requests and for reading after a redirect.
    private var corsRule: S3CORSRule {
        S3CORSRule(
            id: Self.corsID, origins: origins, methods: ["GET", "HEAD", "PUT"],
            headers: ["Content-Type", "If-None-Match", "Range"],
            exposed: ["ETag", "Content-Range", "Accept-Ranges"], maxAge: 86_400)
    }
}
