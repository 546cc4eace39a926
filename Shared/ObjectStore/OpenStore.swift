import FoundationEssentials
import S3

/// Opens the store that `MILLRACE_STORE` names.
///
/// - Parameters:
///   - location: `file:///an/absolute/path` or `file://./a/relative/one`, taken as it is, without percent-decoding; or
///     `s3://bucket/prefix?endpoint=…&region=…&style=…&public=…` (see `S3Location`).
///   - signingKey: the secret behind a file store's presigned URLs.
///   - publicURL: the address under which clients reach upload-gateway.
///   - cold: where originals go in the end.
///   - environment: where AWS's own variables (credentials, region) are looked for.
/// - Throws: `.invalidRequest`, with a line that says what would be right.
package func openStore(
    _ location: String, signingKey: [UInt8], publicURL: String, cold: ColdStorage? = nil,
    environment: [String: String] = ProcessInfo.processInfo.environment
) throws(StoreError) -> any ObjectStore {
    let scheme = "file://"
    if location.hasPrefix("s3://") {
        do {
            let client = try S3Client(try S3Location(location, environment: environment), environment: environment)
            return S3Store(client, cold: cold)
        } catch { throw StoreError(.invalidRequest, error.message) }
    }
    let path = location.dropFirst(scheme.count)
    guard location.hasPrefix(scheme), !path.isEmpty, !path.utf8.contains(0) else {
        throw StoreError(.invalidRequest, "not a store's location; use file:///a/directory or s3://bucket")
    }
    return FileStore(root: String(path), signingKey: signingKey, publicURL: publicURL, cold: cold)
}
