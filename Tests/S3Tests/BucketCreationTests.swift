import HTTPClient
import Testing

@testable import S3

@Suite struct BucketCreationTests {
    @Test("Amazon is told the region, but for its first one; nobody else is")
    func region() throws {
        for (query, region) in [
            ("region=eu-west-1", "eu-west-1"), ("region=us-east-1", nil), ("endpoint=http://localhost:1&region=eu-1", nil),
        ] {
            let location = try S3Location("s3://bucket?\(query)", environment: [:])
            let body = String(decoding: S3Client.creation(at: location).body, as: UTF8.self)
            #expect(
                body.contains("<LocationConstraint>\(region ?? "")</LocationConstraint>") == (region != nil), "\(query): \(body)")
            #expect(region != nil || body.isEmpty)
        }
    }
}
