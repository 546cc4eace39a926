import Access
import Events
import FoundationEssentials
import HTTPClient
import Messaging
import ObjectStore
import Redis
import TestSupport

@testable import Notifier

/// What the replicas of one test share: a Redis, a store and a key for the project `demo`.
struct Stage: Sendable {
    let redis: RedisServer
    let client: RedisClient
    let store: FileStore
    let keys: KeyRing
    let token: String
    let http = HTTPClient()

    init() async throws {
        redis = try await RedisServer.start()
        client = RedisClient(redis.url, name: "test")
        store = FileStore(root: TemporaryDirectory().path, signingKey: Array(repeating: 7, count: 32), publicURL: "http://x")
        keys = KeyRing(store: store)
        token = try await keys.create(project: "demo", name: "test").token
    }

    /// Adds events to the feed as the bus does.
    func announce(_ events: [MediaStatusChanged], partitions: Int = 1) async throws {
        let commands = try events.map { event in
            let key = FeedArchive.key(event.mediaId.partition(of: partitions))
            return ["XADD", key, "*", "event", try Sample.output(event, on: .feed).payload, "attempt", "1"]
        }
        for reply in try await client.pipeline(commands) where reply.error != nil {
            throw RedisError(.server, reply.error ?? "")
        }
    }

    func request(_ method: String, _ url: String, json: String? = nil, token: String? = nil) async throws -> HTTPClient.Response {
        var headers = [("Authorization", "Bearer \(token ?? self.token)")]
        if json != nil { headers.append(("Content-Type", "application/json")) }
        return try await http.send(.init(method, url, headers: headers, body: json.map { .bytes(Array($0.utf8)) } ?? .none))
    }
}

extension HTTPClient.Response {
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try EventCoding.decode(type, from: Data(body)) }
    var text: String { String(decoding: body, as: UTF8.self) }
}
