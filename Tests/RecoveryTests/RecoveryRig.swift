import Catalog
import Events
import FoundationEssentials
import Logging
import Messaging
import NIOCore
import ObjectStore
import Recovery
import Redis
import RedisBus
import TestSupport

/// A store in a temporary directory and a Redis that knows nothing of it.
struct RecoveryRig {
    static let partitions = 2

    let redis: RedisClient
    let bus: RedisBus
    let store: FileStore
    let catalog: Catalog
    let recovery: Recovery
    let directory = TemporaryDirectory()
    let project: ProjectID

    init(minimumAge: Duration = .zero) async throws {
        guard let project = ProjectID("demo") else { throw BusError("a valid project") }
        self.project = project
        let url = try await RedisServer.database()
        redis = RedisClient(url, name: "recovery-test")
        var options = RedisBusOptions()
        options.partitions = Self.partitions
        bus = RedisBus(url: url, options: options, logger: Logger(label: "test"))
        store = FileStore(root: directory.path, signingKey: Array(repeating: 1, count: 32), publicURL: "http://127.0.0.1")
        catalog = Catalog(redis: redis, store: store, partitions: Self.partitions)
        var rules = RecoveryRules()
        rules.minimumAge = minimumAge
        recovery = Recovery(catalog: catalog, bus: bus, store: store, source: "test", rules: rules)
    }

    func close() async {
        await redis.close()
        await bus.close()
        directory.remove()
    }

    func put(_ key: String, _ text: String = "12345", type: String = "image/jpeg") async throws {
        try await store.put(key, ByteBuffer(string: text), contentType: type)
    }

    /// A new media with an original, derived objects and, if it is finished, a manifest.
    func media(_ status: MediaStatus? = nil) async throws -> MediaKeys {
        let keys = MediaKeys(projectId: project, mediaId: .generate())
        try await put(keys.original(fileName: "cat.jpg"))
        try await put(keys.derived("img/a/1.webp"))
        if let status { try await put(keys.manifest, try Self.manifest(keys, status), type: "application/json") }
        return keys
    }

    static func manifest(_ keys: MediaKeys, _ status: MediaStatus) throws -> String {
        let context = TransitionContext(version: 3, source: "test", trace: .random())
        let rules = StepRules()
        let record = MediaRecord.recovered(keys, rules, context)
        let event = MediaIngested(
            mediaId: keys.mediaId, projectId: keys.projectId, key: keys.original(fileName: "cat.jpg"), size: 5, etag: "e",
            kind: .image, format: .jpeg, fileName: "cat.jpg", plan: status == .ready ? [] : [.metadata])
        var decided = try record.ingested(event, rules, context)?.record
        if status == .failed {
            let error = MediaError(.corruptMedia, "Broken.", step: .metadata)
            let failed = StepFailed(mediaId: keys.mediaId, projectId: keys.projectId, step: .metadata, error: error)
            decided = try decided?.failed(failed, rules, context)?.record
        }
        guard let decided, let manifest = Manifest(decided) else { throw BusError("no manifest") }
        return String(decoding: try manifest.encoded(), as: UTF8.self)
    }

    /// All findings of a walk, and what becomes of them.
    func walk(pageSize: Int = 2000, mending: Bool = true) async throws -> (findings: [Finding], tally: RecoveryTally) {
        var (walk, findings, tally) = (StoreWalk(store, pageSize: pageSize), [Finding](), RecoveryTally())
        while let page = try await walk.next() {
            tally.media += page.count
            let found = try await recovery.look(at: page)
            findings += found
            guard mending else { continue }
            for (finding, outcome) in try await recovery.mend(found) { tally.add(finding, outcome) }
        }
        return (findings, tally)
    }

    /// The events of a type on its stream, in all lanes of all partitions.
    func events<Body: Event>(_ type: Body.Type) async throws -> [Envelope<Body>] {
        var events: [Envelope<Body>] = []
        for partition in 0..<Self.partitions {
            for lane in 0..<Body.stream.lanes {
                let reply = try await redis.send(
                    ["XRANGE", RedisKeys.stream(partition, Body.stream.name, lane: lane), "-", "+"])
                for entry in reply.array ?? [] {
                    guard let event = entry.array?.last?.array?[1].string else { continue }
                    events.append(try EventCoding.decode(Envelope<Body>.self, from: Data(event.utf8)))
                }
            }
        }
        return events
    }
}
