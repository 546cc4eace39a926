/// Opens the store that `MILLRACE_STORE` names.
///
/// - Parameters:
///   - location: `file:///an/absolute/path` or `file://./a/relative/one`, taken as it is, without percent-decoding.
///   - signingKey: the secret behind presigned URLs.
///   - publicURL: the address under which clients reach upload-gateway.
/// - Throws: `.invalidRequest`, with a line that says what would be right.
package func openStore(_ location: String, signingKey: [UInt8], publicURL: String) throws(StoreError) -> any ObjectStore {
    let scheme = "file://"
    if location.hasPrefix("s3://") {
        throw StoreError(.invalidRequest, "S3 stores are not supported yet; use file:///a/directory")
    }
    let path = location.dropFirst(scheme.count)
    guard location.hasPrefix(scheme), !path.isEmpty, !path.utf8.contains(0) else {
        throw StoreError(.invalidRequest, "not a store's location; use file:///a/directory")
    }
    return FileStore(root: String(path), signingKey: signingKey, publicURL: publicURL)
}
