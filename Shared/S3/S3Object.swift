import AWS
package import FoundationEssentials
import HTTPClient

/// What S3 tells of an object.
package struct S3Object: Sendable, Hashable {
    package let key: String
    package let size: Int64
    /// Without quotes.
    package let etag: String
    /// Empty in listings, which do not tell it.
    package let contentType: String
    package let modifiedAt: Date
    /// Empty for the standard one.
    package let storageClass: String
    /// Of the readable copy of an archived object; nil where there is none, and in listings.
    package let restoration: S3Restoration?
    /// Whether its tag says nothing of its bytes, as where a key of KMS or of the client's own encrypts it; unknown in listings.
    package let isTagOpaque: Bool
    /// Whether Amazon's own tiering has put it where it must be restored from; unknown in listings.
    package let isInArchiveTier: Bool

    /// - Returns: nil where a header is missing that every answer about an object has.
    init?(_ key: String, size: Int64?, _ header: (String) -> String?) {
        guard let size = size ?? header("content-length").flatMap({ Int64($0) }), let etag = header("etag") else { return nil }
        self.key = key
        self.size = size
        self.etag = etag.withoutQuotes
        contentType = header("content-type") ?? "application/octet-stream"
        modifiedAt = header("last-modified").flatMap(AWSTime.parseHTTP) ?? header("date").flatMap(AWSTime.parseHTTP) ?? Date()
        storageClass = header("x-amz-storage-class").map { $0 == "STANDARD" ? "" : $0 } ?? ""
        restoration = header("x-amz-restore").flatMap { S3Restoration($0) }
        let encryption = header("x-amz-server-side-encryption") ?? ""
        isTagOpaque = encryption.hasPrefix("aws:kms") || header("x-amz-server-side-encryption-customer-algorithm") != nil
        isInArchiveTier = header("x-amz-archive-status") != nil
    }

    /// An entry of a listing, with its decoded key.
    init?(_ key: String, listed node: XMLNode) {
        guard let size = node["Size"].flatMap({ Int64($0.text) }),
            let date = node["LastModified"].flatMap({ AWSTime.parse($0.text) })
        else { return nil }
        self.key = key
        self.size = size
        etag = (node["ETag"]?.text ?? "").withoutQuotes
        contentType = ""
        modifiedAt = date
        storageClass = node["StorageClass"].map { $0.text == "STANDARD" ? "" : $0.text } ?? ""
        restoration = nil
        isTagOpaque = false
        isInArchiveTier = false
    }
}

extension String {
    var withoutQuotes: String { replacing("\"", with: "") }
}
