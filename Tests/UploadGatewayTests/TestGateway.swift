import Access
import Catalog
import Events
import FoundationEssentials
import HTTPClient
import HTTPServer
import Launch
import Logging
import Messaging
import ObjectStore
import Redis
import RedisBus
import TestSupport

@testable import UploadGateway

/// The whole service in this process: real Redis, real file store, real sockets.
struct TestGateway: Sendable {
    /// What the service believes its address to be.
    let url = "http://gateway.test"
    /// Where it listens; known once it does.
    var port = 0
    let redisServer: RedisServer
    let redis: RedisClient
    let bus: RedisBus
    let store: FileStore
    let directory: TemporaryDirectory
    let catalog: Catalog
    let keys: KeyRing
    let client = HTTPClient()
    /// For project `demo`.
    let token: String
    /// For project `other`.
    let otherToken: String

    static let mebibyte = 1 << 20
    /// More than one, so that a key looked up in the wrong partition is not found.
    static let partitions = 3

    /// - Parameter cold: with a directory that plays cold storage, where every original may have gone.
    static func with(
        _ environment: [String: String] = [:], cold: Bool = false, _ body: @escaping @Sendable (TestGateway) async throws -> Void
    ) async throws {
        let server = try await RedisServer.start()
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        let store = FileStore(
            root: directory.path, signingKey: Array(repeating: 7, count: 32), publicURL: "http://gateway.test",
            cold: cold
                ? ColdStorage(.directory(try coldDirectory(directory.path + "/cold")), after: .milliseconds(1), settling: .zero)
                : nil)
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        var options = RedisBusOptions()
        options.partitions = partitions
        let bus = RedisBus(url: server.url, options: options, logger: logger)
        let redis = RedisClient(server.url, name: "test")
        let keys = KeyRing(store: store)
        let gateway = TestGateway(
            redisServer: server, redis: redis, bus: bus, store: store, directory: directory,
            catalog: Catalog(redis: redis, store: store, partitions: Self.partitions), keys: keys,
            token: try await keys.create(project: "demo", name: "test").token,
            otherToken: try await keys.create(project: "other", name: "test").token)
        let router = makeRouter()
        Gateway(
            settings: try Settings(Environment(environment)), publicURL: gateway.url, partitions: Self.partitions, bus: bus,
            redis: redis,
            store: store, catalog: gateway.catalog, keys: keys
        ).addRoutes(to: router)
        let service = HTTPService(router: router, host: "127.0.0.1", port: 0, logger: logger)
        try await gateway.run(service, body)
        await gateway.client.close()
        await redis.close()
        await bus.close()
        server.stop()
    }

    private func run(_ service: HTTPService, _ body: @escaping @Sendable (TestGateway) async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { try await service.run() }
            group.addTask {
                var listening = self
                listening.port = try await service.boundPort()
                try await body(listening)
            }
            try await group.next()
            group.cancelAll()
            while (try? await group.next()) != nil {}
        }
    }
}

extension TestGateway {
    struct Answer: Sendable {
        let status: Int
        let headers: [(name: String, value: String)]
        let bytes: [UInt8]
        let json: JSON

        /// The first header of this lowercase name.
        func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
        var code: String { json["code"].text }
    }

    /// One request with the `demo` key, unless another `token` or none ("") is given.
    func send(
        _ method: String, _ path: String, token: String? = nil, headers: [(String, String)] = [], body: HTTPClient.Body = .none
    ) async throws -> Answer {
        let token = token ?? self.token
        let authorization = token.isEmpty ? [] : [("Authorization", "Bearer \(token)")]
        let address = "http://127.0.0.1:\(port)" + (path.hasPrefix(url) ? path.dropFirst(url.count) : path[...])
        let response = try await client.send(
            HTTPClient.Request(method, address, headers: authorization + headers, body: body, timeout: .seconds(60)))
        let json = (try? JSON(response.body)) ?? .null
        return Answer(status: response.status, headers: response.headers, bytes: response.body, json: json)
    }

    func post(_ path: String, _ json: String, token: String? = nil, headers: [(String, String)] = []) async throws -> Answer {
        try await send(
            "POST", path, token: token, headers: [("Content-Type", "application/json")] + headers,
            body: .bytes(Array(json.utf8)))
    }

    func presign(_ json: String, headers: [(String, String)] = []) async throws -> Answer {
        try await post("/api/v2/uploads/presign", json, headers: headers)
    }

    /// Sends bytes to a presigned URL, without credentials.
    func put(_ url: String, _ bytes: [UInt8], type: String? = "image/jpeg") async throws -> Answer {
        try await send(
            "PUT", url, token: "", headers: type.map { [("Content-Type", $0)] } ?? [], body: .bytes(bytes))
    }

    /// Presigns and uploads a small file. - Returns: the presign answer.
    func uploaded(_ bytes: [UInt8] = Array("hello".utf8), name: String = "a.jpg") async throws -> JSON {
        let answer = try await presign(Self.file(name: name, size: bytes.count)).json
        _ = try await put(answer["url"].text, bytes)
        return answer
    }

    static func file(
        project: String = "demo", name: String = "a.jpg", type: String = "image/jpeg", size: Int = 5, multipart: Bool? = nil
    ) -> String {
        let more = multipart.map { ",\"multipart\":\($0)" } ?? ""
        let name = String(decoding: (try? EventCoding.encode(name)) ?? Data(), as: UTF8.self)
        return "{\"projectId\":\"\(project)\",\"fileName\":\(name),\"contentType\":\"\(type)\",\"size\":\(size)\(more)}"
    }

    /// How many events of a stream are about a media, by their raw entries.
    func events(on stream: Events.Stream, about media: String) async throws -> Int {
        try await payloads(on: stream, about: media).count
    }

    /// The ids of the traces that the events of a stream about a media belong to.
    func traces(on stream: Events.Stream, about media: String) async throws -> [String] {
        try await payloads(on: stream, about: media).map { payload in
            try EventCoding.decode(EnvelopeHeader.self, from: Data(payload.utf8)).trace?.traceId ?? ""
        }
    }

    private func payloads(on stream: Events.Stream, about media: String) async throws -> [String] {
        var found: [String] = []
        for partition in 0..<Self.partitions {
            for lane in 0..<stream.lanes {
                let key = RedisKeys.stream(partition, stream.name, lane: lane)
                let entries = try await redis.send(["XRANGE", key, "-", "+"]).array ?? []
                let payloads = entries.flatMap { $0.array?.last?.array ?? [] }.compactMap(\.string)
                found += payloads.filter { $0.contains("\"subject\":\"\(media)\"") }
            }
        }
        return found
    }

    /// Files anywhere below the store's directory that are not API keys.
    func storedFiles() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: directory.path).filter { path in
            var isDirectory = false
            let exists = FileManager.default.fileExists(atPath: directory.path + "/" + path, isDirectory: &isDirectory)
            return exists && !isDirectory && !path.contains("system/keys")
        }
    }

    /// Waits until a presigned URL's time is over.
    static func expiry(of url: String) async throws {
        let digits = url.split(separator: "expires=").last?.prefix(while: \.isNumber) ?? ""
        let expires = Double(digits) ?? 0
        try await eventually("the URL expires") { Date().timeIntervalSince1970 > expires }
    }
}
