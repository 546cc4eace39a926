import Launch
import StoreEvents
import Testing

@testable import IngestListener

@Suite struct SQSTests {
    @Test func aQueuesAddressIsTakenApart() throws {
        let amazon = try #require(SQSAddress("https://sqs.eu-central-1.amazonaws.com/123456789012/media"))
        #expect(amazon.endpoint == "https://sqs.eu-central-1.amazonaws.com" && amazon.region == "eu-central-1")
        #expect(amazon.host == "sqs.eu-central-1.amazonaws.com")
        let local = try #require(SQSAddress("http://127.0.0.1:9324/000000000000/media"))
        #expect(local.endpoint == "http://127.0.0.1:9324" && local.host == "127.0.0.1:9324" && local.region == nil)
        for bad in [
            "", "https://", "sqs.eu-central-1.amazonaws.com/1/m", "ftp://a/b", "https://a", "https://a/", "https:///b",
            "https://user@a/b", "https://a/b?c", "https://a/b#c", "https://a/b c", "https://a/\n",
        ] { #expect(SQSAddress(bad) == nil, "\(bad)") }
    }

    @Test func theRegionIsTheQueuesOrTheEnvironments() throws {
        let queue = { (values: [String: String]) in try EventSettings(Environment(values)).queue }
        let name = "MILLRACE_EVENTS_SQS_QUEUE"
        #expect(try queue([:]) == nil)
        #expect(try queue([name: "https://sqs.us-west-2.amazonaws.com/1/m", "AWS_REGION": "x"])?.region == "us-west-2")
        #expect(try queue([name: "http://127.0.0.1:1/1/m", "AWS_REGION": "eu-west-1"])?.region == "eu-west-1")
        #expect(throws: SettingsError.self) { try queue([name: "http://127.0.0.1:1/1/m"]) }
        #expect(throws: SettingsError.self) { try queue([name: "media"]) }
    }

    @Test func otherSettingsOfEvents() throws {
        let none = try EventSettings(Environment([:]))
        #expect(!none.isOpen && none.prefixes.isEmpty && none.interval == nil)
        let some = try EventSettings(
            Environment([
                "MILLRACE_EVENTS_TOKEN": "0123456789abcdef", "MILLRACE_EVENTS_SNS_TOPICS": "arn:a, arn:b",
                "MILLRACE_INGEST_PREFIXES": "in/{project}/,scans/=archive", "MILLRACE_INGEST_INTERVAL": "5m",
            ]))
        #expect(some.isOpen && some.topics == ["arn:a", "arn:b"] && some.prefixes.count == 2 && some.interval == .seconds(300))
        for (name, value) in [
            ("MILLRACE_EVENTS_TOKEN", "short"), ("MILLRACE_INGEST_PREFIXES", "in/"),
            ("MILLRACE_INGEST_PREFIXES", "projects/=demo"),
        ] { #expect(throws: SettingsError.self) { try EventSettings(Environment([name: value])) } }
    }

    @Test func keysBelowTheBucketsPrefixAreOurs() throws {
        let message = { (bucket: String, key: String) in
            let object = "{\"bucket\":{\"name\":\"\(bucket)\"},\"object\":{\"key\":\"\(key)\"}}"
            return try StoreMessage.parse(.init("{\"eventName\":\"ObjectCreated:Put\",\"s3\":\(object)}".utf8))
        }
        let key = { (scope: StoreScope, bucket: String, key: String) throws -> String? in
            guard case .events(let events) = try message(bucket, key) else { return nil }
            return scope.key(of: events[0])
        }
        let part = StoreScope(bucket: "media", prefix: "here/")
        #expect(try key(part, "media", "here/a") == "a")
        #expect(try key(part, "media", "there/a") == nil && key(part, "other", "here/a") == nil)
        #expect(try key(StoreScope(), "any", "a/b") == "a/b")
    }
}
