import AWS
import S3
import TestSupport
import Testing

@Suite struct NotificationTests {
    private static let topic = "arn:aws:sns:eu-west-1:123456789012:media"

    @Test("others of every kind stay; ours is replaced, whatever it was")
    func others() throws {
        let before = """
            <?xml version="1.0" encoding="UTF-8"?>
            <NotificationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><CloudFunctionConfiguration><Id>theirs</Id>\
            <CloudFunction>arn:aws:lambda:eu-west-1:1:function:f</CloudFunction><Event>s3:ObjectRemoved:*</Event>\
            </CloudFunctionConfiguration><EventBridgeConfiguration></EventBridgeConfiguration><QueueConfiguration><Id>ours</Id>\
            <Queue>arn:aws:sqs:eu-west-1:1:q</Queue><Event>s3:ObjectCreated:Put</Event></QueueConfiguration>\
            </NotificationConfiguration>
            """
        let all = S3Notifications(try XMLNode.parse(Array(before.utf8)))
        let ours = try #require(S3Notification(id: "ours", arn: Self.topic, prefix: "media/"))
        #expect(!all.contains(ours) && all.contains(.eventBridge))
        let after = all.adding(ours, inPlaceOf: "ours")
        #expect(after.contains(ours) && after.contains(.eventBridge))
        #expect(
            after.configuration.children.map(\.name) == [
                "CloudFunctionConfiguration", "EventBridgeConfiguration", "TopicConfiguration",
            ])
        #expect(after.configuration.children[0] == all.configuration.children[0])
        let moved = after.adding(.eventBridge, inPlaceOf: "ours")
        #expect(moved.configuration.children.map(\.name) == ["CloudFunctionConfiguration", "EventBridgeConfiguration"])
    }

    @Test("as stores answer it, it is the same rule")
    func same() throws {
        let answer = """
            <NotificationConfiguration><TopicConfiguration><Filter><S3Key><FilterRule><Value>media/</Value><Name>Prefix</Name>\
            </FilterRule></S3Key><S3Metadata></S3Metadata></Filter><Event>s3:ObjectCreated:*</Event><Topic>\(Self.topic)</Topic>\
            <Id>ours</Id></TopicConfiguration></NotificationConfiguration>
            """
        let all = S3Notifications(try XMLNode.parse(Array(answer.utf8)))
        #expect(all.contains(try #require(S3Notification(id: "ours", arn: Self.topic, prefix: "media/"))))
        for (id, arn, prefix) in [
            ("theirs", Self.topic, "media/"), ("ours", Self.topic + "2", "media/"), ("ours", Self.topic, ""),
        ] {
            #expect(!all.contains(try #require(S3Notification(id: id, arn: arn, prefix: prefix))))
        }
    }

    @Test(arguments: ["", "arn", "arn:aws:s3:::bucket", "arn:aws:lambda:eu-west-1:1:function:f", "sns:aws:sns:a:b:c"])
    func otherNames(_ arn: String) { #expect(S3Notification(id: "ours", arn: arn, prefix: "") == nil) }

    @Test("Ceph keeps topics and rules as they were set, those of others beside ours", .enabled(if: RGWServer.canRun))
    func ceph() async throws {
        let server = try await RGWServer.shared()
        let (plain, environment) = (try await server.bucket(), server.tlsSettings)
        let location = try S3Location("s3://\(plain.location.bucket)", environment: environment)
        let client = try S3Client(location, environment: environment)
        let (name, other) = ("ours-\(client.location.bucket)", "theirs-\(client.location.bucket)")
        let secret = "http://events:a%2Fb%3A%40c@127.0.0.1:9/events/s3"
        let theirs = try await client.makeTopic(other, pushingTo: "http://127.0.0.1:9/other")
        await #expect(throws: S3Error.self) { _ = try await plain.makeTopic(name, pushingTo: secret) }
        let arn = try await client.makeTopic(name, pushingTo: secret)
        #expect(try await client.makeTopic(name, pushingTo: secret) == arn, "again is no error")
        let topic = try #require(try await client.topics().first { $0.name == name })
        #expect(topic == S3Topic(name: name, arn: arn, address: secret, isPersistent: true))
        #expect(try await client.notifications().configuration.children.isEmpty)
        let foreign = try #require(S3Notification(id: "theirs", arn: theirs, prefix: "x/"))
        try await client.setNotifications(client.notifications().adding(foreign, inPlaceOf: "theirs"))
        let ours = try #require(S3Notification(id: "ours", arn: arn, prefix: "media/é+ &/"))
        for _ in 0..<2 {
            try await client.setNotifications(client.notifications().adding(ours, inPlaceOf: "ours"))
            let now = try await client.notifications()
            #expect(now.contains(ours) && now.contains(foreign) && now.configuration.children.count == 2)
        }
    }
}
