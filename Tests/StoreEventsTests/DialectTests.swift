import FoundationEssentials
import Testing

@testable import StoreEvents

@Suite struct DialectTests {
    @Test(arguments: Fixture.names) func everyDialectIsReadAsItWasWritten(_ name: String) throws {
        #expect(try StoreMessage.parse(try Fixture.body(name)).lines == (try Fixture.expected(name)))
    }

    @Test func thereIsAFixtureForEveryDialect() throws {
        let all = try Fixture.names.map { try Fixture.expected($0) }.joined()
        for dialect in ["aws", "eventBridge", "minio", "rustfs", "ceph", "versitygw", "seaweedfs", "sns"] {
            #expect(all.contains("\(dialect) "))
        }
        #expect(Fixture.names.contains { $0.hasPrefix("cloudevents") })
    }

    @Test(arguments: [
        "", "{", "nonsense", "null", "1", "\"text\"", "{}", "{\"Records\":{}}", "{\"Records\":[1]}", "{\"Records\":[{}]}",
        #"{"Event":"s3:Other","Bucket":"b"}"#, #"{"specversion":"0.3","data":{}}"#, #"{"specversion":"1.0"}"#,
        #"{"specversion":"1.0","data_base64":"?"}"#, #"{"event_type":"other","key":"/buckets/a/b"}"#, "\u{fffe}",
        #"{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":"a%zz"}}}]}"#,
        #"{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":"a%ff"}}}]}"#,
        #"{"detail-type":"Object Created","detail":{"bucket":{"name":"b"}}}"#,
    ]) func whatIsNoEventIsATypedError(_ body: String) throws {
        #expect(throws: StoreEventError.self) { try StoreMessage.parse(Data(body.utf8)) }
    }

    @Test func theFieldThatIsMissingIsNamed() throws {
        let body = #"{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{}}}]}"#
        let error = try #require(throws: StoreEventError.self) { try StoreMessage.parse(Data(body.utf8)) }
        #expect(error.code == .malformed)
        #expect(error.description.contains("s3.object.key is missing"))
    }

    @Test func limitsComeFirst() throws {
        var limits = StoreMessage.Limits()
        limits.records = 3
        let record = #"{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":"k"}}}"#
        let body = { (count: Int) in Array(repeating: record, count: count).joined(separator: ",") }
        for (before, behind) in [("{\"Records\":[", "]}"), ("[", "]")] {
            let parse = { (count: Int) throws(StoreEventError) in
                try StoreMessage.parse(Data((before + body(count) + behind).utf8), limits: limits)
            }
            guard case .events(let events) = try parse(3) else { throw NotEvents() }
            #expect(events.count == 3)
            #expect(try #require(throws: StoreEventError.self) { try parse(4) }.code == .tooManyRecords)
        }
        limits.bytes = 100
        let error = try #require(throws: StoreEventError.self) {
            try StoreMessage.parse(Data(repeating: 32, count: 101), limits: limits)
        }
        #expect(error.code == .tooLarge)
    }

    @Test func envelopesWithinEnvelopesHaveAnEnd() throws {
        var body = try Fixture.body("aws-put")
        for depth in 1...5 {
            body = Data(#"{"specversion":"1.0","data_base64":"\#(body.base64EncodedString())"}"#.utf8)
            if depth <= 3 {
                #expect(try StoreMessage.parse(body).lines == (try Fixture.expected("aws-put")))
            } else {
                #expect(try #require(throws: StoreEventError.self) { try StoreMessage.parse(body) }.code == .tooLarge)
            }
        }
    }

    private struct NotEvents: Error {}
}
