import Catalog
import Events
import FoundationEssentials
import Logging
import Messaging
import NIOCore
import ObjectStore
import Redis
import RedisBus
import TestSupport

@testable import IngestListener

/// The handler on a private Redis and a store in a temporary directory.
struct IngestRig {
    let server: RedisServer
    let redis: RedisClient
    let bus: RedisBus
    let store: FileStore
    let handler: IngestHandler
    let directory = TemporaryDirectory()

    /// - Parameter cold: with a directory that plays cold storage, where originals of more than a second go.
    init(allowed: [MediaFormat] = MediaFormat.allCases, cold: Bool = false) async throws {
        server = try await RedisServer.start()
        redis = RedisClient(server.url, name: "ingest-test")
        var options = RedisBusOptions()
        options.partitions = 2
        bus = RedisBus(url: server.url, options: options, logger: Logger(label: "test"))
        store = FileStore(
            root: directory.path + "/store", signingKey: Array(repeating: 1, count: 32), publicURL: "http://127.0.0.1",
            cold: cold
                ? ColdStorage(.directory(try coldDirectory(directory.path + "/cold")), after: .seconds(1), settling: .zero) : nil)
        handler = IngestHandler(
            check: OriginalCheck(store: store, allowed: allowed),
            catalog: Catalog(redis: redis, store: store, partitions: 2))
    }

    func close() async {
        await redis.close()
        await bus.close()
        server.stop()
        directory.remove()
    }

    /// Stores an original and says that it was uploaded.
    func upload(_ bytes: [UInt8], declared: Int? = nil) async throws -> MediaUploaded {
        let event = Self.uploaded(size: declared ?? bytes.count)
        try await store.put(event.key, ByteBuffer(bytes: bytes), contentType: event.contentType)
        return event
    }

    static func uploaded(size: Int = 4, key: String? = nil) -> MediaUploaded {
        let keys = MediaKeys(projectId: project, mediaId: .generate())
        return MediaUploaded(
            mediaId: keys.mediaId, projectId: project, key: key ?? keys.original(fileName: "a.jpg"), size: Int64(size),
            contentType: "image/jpeg", fileName: "a.jpg")
    }

    static func incoming(_ event: MediaUploaded, attempt: Int = 1) -> Incoming<MediaUploaded> {
        Incoming(envelope: Envelope(event, source: "test", trace: trace), attempt: attempt)
    }

    static let trace = TraceParent.random()
    private static let project = ProjectID("demo") ?? { preconditionFailure("a valid project") }()

    /// The envelopes on a stream, all partitions together.
    func events<Body: Event>(_ type: Body.Type) async throws -> [Envelope<Body>] {
        var events: [Envelope<Body>] = []
        for partition in 0..<2 {
            for lane in 0..<Body.stream.lanes {
                let reply = try await redis.send(
                    ["XRANGE", RedisKeys.stream(partition, Body.stream.name, lane: lane), "-", "+"])
                for entry in reply.array ?? [] {
                    let fields = entry.array?.last?.array?.compactMap(\.string) ?? []
                    guard let index = fields.firstIndex(of: "event") else { continue }
                    events.append(try EventCoding.decode(Envelope<Body>.self, from: Data(fields[index + 1].utf8)))
                }
            }
        }
        return events
    }
}

extension Commit {
    /// The bodies of the outputs that are of a type.
    func events<Body: Event>(_ type: Body.Type) -> [Envelope<Body>] {
        outputs.compactMap { try? EventCoding.decode(Envelope<Body>.self, from: Data($0.payload.utf8)) }
            .filter { $0.type == Body.type }
    }
}
