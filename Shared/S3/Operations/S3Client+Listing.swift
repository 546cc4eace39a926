import AWS

/// A page of a listing.
package struct S3Page: Sendable {
    package let objects: [S3Object]
    /// With a delimiter: what the keys that are not listed begin with, up to and with it.
    package let prefixes: [String]
    /// For the next page; nil at the end.
    package let continuation: String?
}

extension S3Client {
    /// Keys in order of their bytes (ListObjectsV2), at most 1,000 a page.
    package func list(
        prefix: String, startAfter: String? = nil, delimiter: String? = nil, continuation: String? = nil, limit: Int = 1000
    ) async throws(S3Error) -> S3Page {
        // Encoded, because XML cannot hold every character that a key may have.
        var query = [("list-type", "2"), ("encoding-type", "url"), ("max-keys", "\(min(limit, 1000))"), ("prefix", prefix)]
        if let startAfter { query.append(("start-after", startAfter)) }
        if let delimiter { query.append(("delimiter", delimiter)) }
        if let continuation { query.append(("continuation-token", continuation)) }
        let page = try Self.xml(try await send(S3Request("GET", query: query.map { (name: $0.0, value: $0.1) })))
        var objects: [S3Object] = []
        for node in page.all("Contents") {
            guard let object = S3Object(try Self.decoded(node["Key"], page), listed: node) else { throw .unexpected("a listing") }
            objects.append(object)
        }
        var prefixes: [String] = []
        for node in page.all("CommonPrefixes") { prefixes.append(try Self.decoded(node["Prefix"], page)) }
        let isCut = page["IsTruncated"]?.text == "true"
        return S3Page(
            objects: objects, prefixes: prefixes, continuation: isCut ? page["NextContinuationToken"]?.text : nil)
    }

    /// Not every store knows encoded listings; those who do say so.
    static func decoded(_ node: XMLNode?, _ page: XMLNode) throws(S3Error) -> String {
        guard let text = node?.text else { throw .unexpected("a listing without keys") }
        guard page["EncodingType"]?.text == "url" else { return text }
        guard let key = percentDecode(text, plusIsSpace: true) else { throw .unexpected("a key that is no UTF-8") }
        return key
    }
}
