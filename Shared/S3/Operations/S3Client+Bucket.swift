import AWS
import HTTPClient

extension S3Client {
    /// Whether the bucket is there and ours to use.
    package func headBucket() async throws(S3Error) -> Bool {
        var request = S3Request("HEAD")
        request.expected = [200, 404]
        return try await send(request).status == 200
    }

    /// Makes the bucket; one that is ours already is no error. Amazon makes it in its first region unless it is told another one.
    package func createBucket() async throws(S3Error) {
        do { _ = try await send(Self.creation(at: location)) } catch  where error.code == "BucketAlreadyOwnedByYou" {}
    }

    static func creation(at location: S3Location) -> S3Request {
        var request = S3Request("PUT")
        guard location.isAmazon, location.region != "us-east-1" else { return request }
        let region = XMLNode("LocationConstraint", text: location.region)
        request.body = Array(XMLNode("CreateBucketConfiguration", [region]).written.utf8)
        return request
    }
}
