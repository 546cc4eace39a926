import Events
import Glibc
import Synchronization
import TestSupport

/// The worker processes: some of each group, started again when they are killed.
final class Fleet: Sendable {
    private let redis: String
    private let partitions: Int
    private let visibility: Int
    private let workers: Mutex<[ChildProcess]>
    private let places: [Group]

    init(redis: String, partitions: Int, visibility: Int, perGroup: Int) throws {
        self.redis = redis
        self.partitions = partitions
        self.visibility = visibility
        places = Course.stages.flatMap { Array(repeating: $0.group, count: perGroup) }
        workers = Mutex([])
        for place in places.indices {
            let worker = try start(place)
            workers.withLock { $0.append(worker) }
        }
    }

    var count: Int { places.count }

    /// SIGKILL, and another one in its place.
    func replace(_ place: Int) throws {
        let new = try start(place)
        workers.withLock { workers in
            workers[place].kill()
            workers[place] = new
        }
    }

    /// Starts those anew that have died by themselves.
    /// - Returns: the status of each.
    func revive() throws -> [Int32] {
        let dead = workers.withLock { workers in
            workers.indices.filter { !workers[$0].isRunning }.map { (place: $0, status: workers[$0].exitStatus ?? -1) }
        }
        for (place, _) in dead { try replace(place) }
        return dead.map(\.status)
    }

    func signal(_ place: Int, _ number: Int32) { workers.withLock { $0[place].signal(number) } }

    func end() { workers.withLock { workers in for worker in workers { worker.kill() } } }

    private func start(_ place: Int) throws -> ChildProcess {
        try ChildProcess([
            Self.executable, "worker", "--redis", redis, "--group", places[place].rawValue,
            "--partitions", "\(partitions)", "--visibility", "\(visibility)",
        ])
    }

    private static var executable: String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        return String(decoding: buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
