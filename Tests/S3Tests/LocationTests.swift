import S3
import TestSupport
import Testing

@Suite struct LocationTests {
    private let keys = ["AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret", "HOME": "/nonexistent"]

    /// A presigned URL shows where a location leads.
    private func url(_ text: String, _ more: [String: String] = [:]) async throws -> String {
        let environment = keys.merging(more) { $1 }
        let client = try S3Client(S3Location(text, environment: environment), environment: environment)
        return try await client.presign("GET", "a b/ü", lifetime: .seconds(9)).url
    }

    @Test("AWS by virtual host, everything else by path, unless told otherwise")
    func styles() async throws {
        #expect(try await url("s3://bucket").hasPrefix("https://bucket.s3.us-east-1.amazonaws.com/a%20b/%C3%BC?X-Amz-Algorithm="))
        #expect(
            try await url("s3://dotted.bucket?region=eu-west-1").hasPrefix(
                "https://s3.eu-west-1.amazonaws.com/dotted.bucket/a%20b/"))
        #expect(try await url("s3://bucket?endpoint=http://127.0.0.1:9000").hasPrefix("http://127.0.0.1:9000/bucket/a%20b/"))
        #expect(
            try await url("s3://bucket?endpoint=https%3A%2F%2Fs3.example.com%3A443/&style=virtual")
                .hasPrefix("https://bucket.s3.example.com/a%20b/"))
        #expect(try await url("s3://bucket?style=path").hasPrefix("https://s3.us-east-1.amazonaws.com/bucket/"))
    }

    @Test("clients may reach the store by another address than we do")
    func publicAddress() async throws {
        #expect(
            try await url("s3://b-1?endpoint=http://rgw:7480&public=https://media.example.com").hasPrefix(
                "https://media.example.com/b-1/"))
    }

    @Test("region and endpoint come from the environment")
    func environment() async throws {
        #expect(try await url("s3://bucket", ["AWS_REGION": "eu-north-1"]).contains("%2Feu-north-1%2Fs3%2F"))
        #expect(
            try await url("s3://bucket", ["AWS_ENDPOINT_URL": "http://a:1", "AWS_ENDPOINT_URL_S3": "http://b:2"]).hasPrefix(
                "http://b:2/"))
    }

    @Test func prefix() throws {
        #expect(try S3Location("s3://bucket/a/b c/", environment: keys).prefix == "a/b c")
        #expect(try S3Location("s3://bucket/", environment: keys).prefix == "")
    }

    @Test(
        "what leads nowhere is refused at the start",
        arguments: [
            "s3://", "s3:///a", "s3://ab", "s3://a_b c", "s3://bucket?endpoint=127.0.0.1", "s3://bucket?endpoint=ftp://a",
            "s3://bucket?endpoint=http://", "s3://bucket?endpoint=http://a/b", "s3://bucket?endpoint=http://u:p@a",
            "s3://bucket?style=other",
            "s3://bucket?stile=path", "s3://bucket?region=a&region=b", "s3://bucket?region=%", "file:///a", "s3://bucket//a//b",
        ])
    func wrong(_ text: String) { #expect(throws: S3Error.self) { try S3Location(text, environment: keys) } }
}
