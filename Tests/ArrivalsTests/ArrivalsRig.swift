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

@testable import Arrivals

/// A store in a temporary directory and a Redis of its own.
struct ArrivalsRig {
    static let partitions = 2

    let redis: RedisClient
    let bus: RedisBus
    let store: FileStore
    let catalog: Catalog
    let arrivals: Arrivals
    let directory = TemporaryDirectory()
    let project: ProjectID

    init(prefixes: [String] = []) async throws {
        guard let project = ProjectID("demo") else { throw BusError("a valid project") }
        self.project = project
        let url = try await RedisServer.database()
        redis = RedisClient(url, name: "arrivals-test")
        var options = RedisBusOptions()
        options.partitions = Self.partitions
        bus = RedisBus(url: url, options: options, logger: Logger(label: "test"))
        store = FileStore(root: directory.path, signingKey: Array(repeating: 1, count: 32), publicURL: "http://127.0.0.1")
        catalog = Catalog(redis: redis, store: store, partitions: Self.partitions)
        arrivals = Arrivals(
            catalog: catalog, bus: bus, store: store, source: "test", stepDeadline: .seconds(3600),
            prefixes: prefixes.compactMap(IngestPrefix.init))
    }

    func close() async {
        await redis.close()
        await bus.close()
        directory.remove()
    }

    /// A file that another program copies into the store's directory.
    func drop(_ key: String, _ text: String = "12345", age: TimeInterval = 3600) throws {
        let path = "\(directory.path)/objects/\(key)"
        let folder = path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: path)
    }

    /// An upload that is under way.
    func upload(size: Int64 = 5) async throws -> (keys: MediaKeys, key: String) {
        let keys = MediaKeys(projectId: project, mediaId: .generate())
        let created = try MediaRecord.create(
            keys, fileName: "a.jpg", contentType: "image/jpeg", size: size, deadline: Date(timeIntervalSinceNow: 3600),
            TransitionContext(version: 0, source: "test", trace: .random()))
        _ = try await bus.commit(created.commit)
        return (keys, keys.original(fileName: "a.jpg"))
    }

    func put(_ key: String, _ text: String = "12345") async throws {
        try await store.put(key, ByteBuffer(string: text), contentType: "image/jpeg")
    }

    func uploaded() async throws -> [MediaUploaded] { try await told().map(\.data) }

    func told() async throws -> [Envelope<MediaUploaded>] {
        var events: [Envelope<MediaUploaded>] = []
        for partition in 0..<Self.partitions {
            for lane in 0..<MediaUploaded.stream.lanes {
                let key = RedisKeys.stream(partition, MediaUploaded.stream.name, lane: lane)
                for entry in try await redis.send(["XRANGE", key, "-", "+"]).array ?? [] {
                    guard let event = entry.array?.last?.array?[1].string else { continue }
                    events.append(try EventCoding.decode(Envelope<MediaUploaded>.self, from: Data(event.utf8)))
                }
            }
        }
        return events
    }
}
