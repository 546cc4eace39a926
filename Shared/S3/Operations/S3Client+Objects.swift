import AWS
import Crypto
import FoundationEssentials
import HTTPClient

extension S3Client {
    /// Nil where there is none.
    package func head(_ key: String) async throws(S3Error) -> S3Object? {
        var request = S3Request("HEAD", key: key)
        request.expected = [200, 404]
        let response = try await send(request)
        guard response.status == 200 else { return nil }
        guard let object = S3Object(key, size: nil, response.header) else { throw .unexpected("an object without size or ETag") }
        return object
    }

    /// Writes a whole object; its SHA-256 is part of the signature, so damage on the way is refused by the store.
    /// - Parameters:
    ///   - onlyIfAbsent: `If-None-Match: *`; throws 412 where there is an object.
    ///   - storageClass: the store's standard one when nil.
    package func put(
        _ key: String, _ bytes: [UInt8], contentType: String, onlyIfAbsent: Bool = false, storageClass: String? = nil
    ) async throws(S3Error) -> S3Object {
        var request = S3Request("PUT", key: key)
        request.headers = [("content-type", contentType)]
        if onlyIfAbsent { request.headers.append(("if-none-match", "*")) }
        if let storageClass { request.headers.append(("x-amz-storage-class", storageClass)) }
        request.body = bytes
        request.timeout = nil
        let response = try await send(request)
        let known = { (name: String) in name == "content-type" ? contentType : response.header(name) }
        guard let object = S3Object(key, size: Int64(bytes.count), known) else { throw .unexpected("no ETag of what was put") }
        return object
    }

    /// Removes an object; none there is no error.
    package func delete(_ key: String) async throws(S3Error) {
        var request = S3Request("DELETE", key: key)
        request.expected = [200, 204, 404]
        _ = try await send(request)
    }

    /// Removes up to 1,000 objects at once.
    /// - Returns: the keys that were not removed, and why.
    package func delete(_ keys: [String]) async throws(S3Error) -> [(key: String, code: String)] {
        guard !keys.isEmpty else { return [] }
        let list = [XMLNode("Quiet", text: "true")] + keys.map { XMLNode("Object", [XMLNode("Key", text: $0)]) }
        let response = try await send(withXML(XMLNode("Delete", list), S3Request("POST", query: [("delete", "")])))
        return try Self.xml(response).all("Error").map { ($0["Key"]?.text ?? "", $0["Code"]?.text ?? "") }
    }

    /// With the MD5 that S3 demands beside the signature.
    func withXML(_ node: XMLNode, _ request: S3Request) -> S3Request {
        var request = request
        request.body = Array(node.written.utf8)
        let digest = Data(Insecure.MD5.hash(data: request.body)).base64EncodedString()
        request.headers += [("content-type", "application/xml"), ("content-md5", digest)]
        return request
    }

    /// The answer's document. S3 may say 200 first and tell in the document that it failed after all.
    static func xml(_ response: HTTPClient.Response) throws(S3Error) -> XMLNode {
        let node: XMLNode
        do { node = try XMLNode.parse(response.body) } catch { throw .unexpected("unreadable XML: \(error)") }
        guard node.name != "Error" else {
            throw S3Error(status: 500, code: node["Code"]?.text ?? "", message: node["Message"]?.text ?? "")
        }
        return node
    }
}
