import HTTPClient

extension S3Client {
    /// Whether the bucket is there and ours to use.
    package func headBucket() async throws(S3Error) -> Bool {
        var request = S3Request("HEAD")
        request.expected = [200, 404]
        return try await send(request).status == 200
    }

    /// Makes the bucket; one that is ours already is no error.
    package func createBucket() async throws(S3Error) {
        do { _ = try await send(S3Request("PUT")) } catch  where error.code == "BucketAlreadyOwnedByYou" {}
    }
}
