import Arrivals
import Catalog
import Events
import FoundationEssentials
import HTTPClient
import HTTPServer
import Hummingbird
import Launch
import Logging
import Messaging
import NIOCore
import ObjectStore
import RedisBus
import SNS
import StoreEvents
import TestSupport
import Testing

@testable import IngestListener

@Suite(.timeLimit(.minutes(2))) struct EventsRouteTests {
    private static let token = "a-token-of-the-store"

    @Test func aStoresEventCompletesTheUpload() async throws {
        try await serving { rig, send in
            let (media, key) = try await upload(rig)
            let body = Self.put(key)
            for round in 1...3 {
                let answer = try await send(body, ["Authorization": "Bearer \(Self.token)"])
                #expect(answer.status == 200)
                let isFirst = round == 1
                #expect(answer.body == #"{"begun":\#(isFirst ? 1 : 0),"events":1,"ignored":0,"known":\#(isFirst ? 0 : 1)}"#)
            }
            #expect(try await rig.events(MediaUploaded.self).map(\.data.mediaId) == [media])
        }
    }

    @Test func itIsOpenForWhoKnowsTheSecretAlone() async throws {
        try await serving { rig, send in
            let (_, key) = try await upload(rig)
            let basic = { (pair: String) in "Basic " + Data(pair.utf8).base64EncodedString() }
            for header in [
                nil, "Bearer", "Bearer ", "Bearer wrong", "Bearer \(Self.token)x", "Bearer \(Self.token.dropLast())", "Token x",
                Self.token, basic("events:wrong"), basic(Self.token), "Basic ?", "Bearer \(Self.token) x",
            ] {
                let answer = try await send(Self.put(key), header.map { ["Authorization": $0] } ?? [:])
                #expect(answer.status == 401 && answer.body.contains(#""code":"unauthorized""#), "\(header ?? "none")")
            }
            #expect(try await rig.events(MediaUploaded.self).isEmpty)
            #expect(try await send(Self.put(key), ["Authorization": basic("events:\(Self.token)")]).status == 200)
            #expect(try await rig.events(MediaUploaded.self).count == 1)
        }
    }

    @Test func whatDoesNotConcernUsIsTakenAndForgotten() async throws {
        try await serving(scope: StoreScope(bucket: "media", prefix: "here/")) { rig, send in
            let (_, key) = try await upload(rig)
            let bodies = [
                Self.put(key), Self.put("here/" + key, bucket: "other"), Self.put("elsewhere/" + key),
                Self.put("here/" + key, event: "ObjectRemoved:Delete"), Self.put("here/" + key, event: "ObjectTagging:Put"),
                #"{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"media","Time":"2014-10-13T15:57:02.089Z"}"#,
                #"{"Records":[]}"#,
            ]
            for body in bodies {
                let answer = try await send(body, ["Authorization": "Bearer \(Self.token)"])
                #expect(answer.status == 200 && answer.body.contains(#""begun":0"#), "\(body)")
            }
            #expect(try await rig.events(MediaUploaded.self).isEmpty)
            let answer = try await send(Self.put("here/" + key), ["Authorization": "Bearer \(Self.token)"])
            #expect(answer.body.contains(#""begun":1"#))
        }
    }

    @Test func aRemovalThatOvertookTheCreationDoesNoHarm() async throws {
        try await serving { rig, send in
            let (media, key) = try await upload(rig)
            let records = [("ObjectRemoved:Delete", "0055AED6DCD90281E3"), ("ObjectCreated:Put", "0055AED6DCD90281E5")]
            let body = "{\"Records\":[\(records.map { Self.record(key, event: $0, sequencer: $1) }.joined(separator: ","))]}"
            #expect(try await send(body, ["Authorization": "Bearer \(Self.token)"]).body.contains(#""begun":1"#))
            let late = Self.put(key, event: "ObjectRemoved:Delete")
            #expect(try await send(late, ["Authorization": "Bearer \(Self.token)"]).status == 200)
            #expect(try await rig.events(MediaUploaded.self).map(\.data.mediaId) == [media])
        }
    }

    @Test func badBodiesAreToldApart() async throws {
        let many = Array(repeating: Self.record("k"), count: 1001).joined(separator: ",")
        try await serving { _, send in
            for (body, status, code) in [
                ("", 422, "malformedEvent"), ("{", 422, "malformedEvent"), ("{}", 422, "unknownEvent"),
                (#"{"Records":[{}]}"#, 422, "malformedEvent"),
                (String(repeating: " ", count: (1 << 20) + 1), 413, "payloadTooLarge"),
                ("{\"Records\":[\(many)]}", 413, "tooManyEvents"),
            ] {
                let answer = try await send(body, ["Authorization": "Bearer \(Self.token)"])
                #expect(answer.status == status && answer.body.contains("\"code\":\"\(code)\""), "\(answer.body)")
            }
        }
    }

    @Test func whileTheStoreIsAwayTheSenderIsAskedToTryAgain() async throws {
        try await serving { rig, send in
            let (_, key) = try await upload(rig)
            rig.server.stop()
            let answer = try await send(Self.put(key), ["Authorization": "Bearer \(Self.token)"])
            #expect(answer.status == 503)
            try await rig.server.restart()
            try await eventually("it is taken once Redis is back") {
                try await send(Self.put(key), ["Authorization": "Bearer \(Self.token)"]).status == 200
            }
            #expect(try await rig.events(MediaUploaded.self).count == 1)
        }
    }

    @Test func nobodyButNamedTopicsSpeaksForAmazon() async throws {
        let sns = SNSVerifier(topics: ["arn:aws:sns:us-west-2:123456789012:MyTopic"]) { _ in [] }
        try await serving(sns: sns) { rig, send in
            let (_, key) = try await upload(rig)
            let message = { (topic: String, url: String) in
                let fields = [
                    "Type": "Notification", "MessageId": "1", "TopicArn": topic, "Message": Self.put(key), "Timestamp": "t",
                    "SignatureVersion": "2", "Signature": "AAAA", "SigningCertURL": url,
                ]
                return String(decoding: try JSONEncoder().encode(fields), as: UTF8.self)
            }
            let amazon = "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-1.pem"
            for (topic, url, code) in [
                ("arn:aws:sns:us-west-2:666:Evil", amazon, "unknownTopic"),
                ("arn:aws:sns:us-west-2:123456789012:MyTopic", "https://evil.example/x.pem", "invalidSignature"),
                ("arn:aws:sns:us-west-2:123456789012:MyTopic", amazon, "invalidSignature"),
            ] {
                let answer = try await send(try message(topic, url), ["Content-Type": "text/plain; charset=UTF-8"])
                #expect(answer.status == 403 && answer.body.contains("\"code\":\"\(code)\""), "\(answer.body)")
            }
            #expect(try await send(Self.put(key), [:]).status == 401, "events without envelope need the token all the same")
            #expect(try await rig.events(MediaUploaded.self).isEmpty)
            let trusted = try await send(try message("any", amazon), ["Authorization": "Bearer \(Self.token)"])
            #expect(trusted.body.contains(#""begun":1"#), "an envelope from who has the token")
        }
    }

    // MARK: -

    private struct Answer {
        let status: Int
        let body: String
    }

    private typealias Send = @Sendable (String, [String: String]) async throws -> Answer

    private func upload(_ rig: IngestRig) async throws -> (MediaID, key: String) {
        let event = IngestRig.uploaded(size: 5)
        let keys = MediaKeys(projectId: event.projectId, mediaId: event.mediaId)
        let created = try MediaRecord.create(
            keys, fileName: "a.jpg", contentType: "image/jpeg", size: 5, deadline: Date(timeIntervalSinceNow: 3600),
            TransitionContext(version: 0, source: "test", trace: .random()))
        #expect(try await rig.bus.commit(created.commit) == .committed)
        try await rig.store.put(event.key, ByteBuffer(string: "12345"), contentType: "image/jpeg")
        return (event.mediaId, event.key)
    }

    private static func put(_ key: String, bucket: String = "media", event: String = "ObjectCreated:Put") -> String {
        "{\"Records\":[\(record(key, bucket: bucket, event: event))]}"
    }

    private static func record(
        _ key: String, bucket: String = "media", event: String = "ObjectCreated:Put", sequencer: String = "00"
    ) -> String {
        """
        {"eventSource":"aws:s3","eventName":"\(event)","s3":{"bucket":{"name":"\(bucket)"},\
        "object":{"key":"\(key)","size":5,"eTag":"e","sequencer":"\(sequencer)"}}}
        """
    }

    private func serving(
        scope: StoreScope = StoreScope(), sns: SNSVerifier? = nil,
        _ body: @escaping @Sendable (IngestRig, Send) async throws -> Void
    ) async throws {
        let rig = try await IngestRig()
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let arrivals = Arrivals(
            catalog: Catalog(redis: rig.redis, store: rig.store, partitions: 2), bus: rig.bus, store: rig.store, source: "test",
            stepDeadline: .seconds(3600))
        let router = makeRouter { error in error is BusError ? Problem.unavailable("away") : nil }
        let route = EventsRoute(
            access: EventsAccess(token: Secret(Self.token)), sns: sns,
            intake: EventIntake(arrivals: arrivals, scope: scope, logger: logger))
        router.post("/events/s3", use: route.handle)
        let service = HTTPService(router: router, host: "127.0.0.1", port: 0, logger: logger)
        try await withThrowingTaskGroup { group in
            group.addTask { try await service.run() }
            group.addTask {
                let (client, port) = (HTTPClient(), try await service.boundPort())
                try await body(rig) { text, headers in
                    let answer = try await client.send(
                        HTTPClient.Request(
                            "POST", "http://127.0.0.1:\(port)/events/s3", headers: headers.map { ($0.key, $0.value) },
                            body: .bytes(Array(text.utf8))))
                    return Answer(status: answer.status, body: String(decoding: answer.body, as: UTF8.self))
                }
                await client.close()
            }
            try await group.next()
            group.cancelAll()
            while (try? await group.next()) != nil {}
        }
        await rig.close()
    }
}
