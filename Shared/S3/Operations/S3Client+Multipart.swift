import AWS
package import FoundationEssentials
import HTTPClient

package struct S3Part: Sendable, Hashable {
    package let number: Int
    package let size: Int64
    package let etag: String
    package let modifiedAt: Date
}

/// An upload in parts that nobody has completed or aborted.
package struct S3Upload: Sendable, Hashable {
    package let key: String
    package let id: String
    package let initiatedAt: Date
}

extension S3Client {
    /// - Returns: the upload's id.
    package func createMultipart(_ key: String, contentType: String) async throws(S3Error) -> String {
        var request = S3Request("POST", key: key, query: [("uploads", "")])
        request.headers = [("content-type", contentType)]
        let answer = try Self.xml(try await send(request))
        guard let id = answer["UploadId"]?.text, !id.isEmpty else { throw .unexpected("no upload's id") }
        return id
    }

    /// Writes one part; its SHA-256 is part of the signature.
    /// - Returns: its tag.
    package func putPart(_ number: Int, of id: String, key: String, _ bytes: [UInt8]) async throws(S3Error) -> String {
        var request = S3Request("PUT", key: key, query: [("partNumber", "\(number)"), ("uploadId", id)])
        request.body = bytes
        request.timeout = nil
        guard let etag = try await send(request).header("etag"), !etag.isEmpty else { throw .unexpected("no ETag of a part") }
        return etag.withoutQuotes
    }

    /// All parts that have arrived, by number.
    package func parts(of id: String, key: String, pageSize: Int = 1000) async throws(S3Error) -> [S3Part] {
        var parts: [S3Part] = []
        while true {
            let query = [
                (name: "max-parts", value: "\(pageSize)"), ("part-number-marker", "\(parts.last?.number ?? 0)"), ("uploadId", id),
            ]
            let page = try Self.xml(try await send(S3Request("GET", key: key, query: query)))
            let before = parts.count
            for node in page.all("Part") {
                guard let part = S3Part(node) else { throw .unexpected("a listing of parts") }
                if part.number > parts.last?.number ?? 0 { parts.append(part) }
            }
            guard page["IsTruncated"]?.text == "true", parts.count > before, parts.count <= 10_000 else { return parts }
        }
    }

    /// Joins the parts. Some stores do not tell the object's tag: ask `head`.
    /// - Parameter onlyIfAbsent: throws 412 or 409 where an object has the key and the store knows conditional completion; ask `head`
    ///   before as well.
    package func completeMultipart(
        _ key: String, id: String, parts: [(number: Int, etag: String)], onlyIfAbsent: Bool = true
    ) async throws(S3Error) {
        let list = parts.map {
            XMLNode("Part", [XMLNode("PartNumber", text: "\($0.number)"), XMLNode("ETag", text: "\"\($0.etag)\"")])
        }
        var request = S3Request("POST", key: key, query: [("uploadId", id)])
        request.headers = [("content-type", "application/xml")]
        if onlyIfAbsent { request.headers.append(("if-none-match", "*")) }
        request.body = Array(XMLNode("CompleteMultipartUpload", list).written.utf8)
        // A store may copy the parts together.
        request.timeout = .seconds(600)
        request.idleTimeout = nil
        _ = try Self.xml(try await send(request))
    }

    /// An unknown upload is no error.
    package func abortMultipart(_ key: String, id: String) async throws(S3Error) {
        var request = S3Request("DELETE", key: key, query: [("uploadId", id)])
        request.expected = [200, 204, 404]
        _ = try await send(request)
    }

    /// Up to 1,000 unfinished uploads of keys that begin with `prefix`, behind `after`.
    package func uploads(prefix: String, after: S3Upload? = nil) async throws(S3Error) -> [S3Upload] {
        // Not encoded: Ceph encodes the keys, but does not say so.
        var query = [("uploads", ""), ("max-uploads", "1000"), ("prefix", prefix)]
        if let after { query += [("key-marker", after.key), ("upload-id-marker", after.id)] }
        let page = try Self.xml(try await send(S3Request("GET", query: query.map { (name: $0.0, value: $0.1) })))
        var uploads: [S3Upload] = []
        for node in page.all("Upload") {
            guard let key = node["Key"]?.text, let id = node["UploadId"]?.text,
                let date = node["Initiated"].flatMap({ AWSTime.parse($0.text) })
            else { throw .unexpected("a listing of uploads") }
            uploads.append(S3Upload(key: key, id: id, initiatedAt: date))
        }
        return uploads
    }
}

extension S3Part {
    init?(_ node: XMLNode) {
        guard let number = node["PartNumber"].flatMap({ Int($0.text) }), let size = node["Size"].flatMap({ Int64($0.text) }),
            let etag = node["ETag"]?.text, let date = node["LastModified"].flatMap({ AWSTime.parse($0.text) })
        else { return nil }
        self.init(number: number, size: size, etag: etag.withoutQuotes, modifiedAt: date)
    }
}
