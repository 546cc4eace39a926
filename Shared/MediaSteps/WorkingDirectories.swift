import FoundationEssentials
import Glibc
import Messaging

/// The folders in which workers live: each is locked by the service that it belongs to, for as long as that lives.
struct WorkingDirectories: Sendable {
    /// What their names begin with.
    static let prefix = "millrace-work-"

    /// Where they are.
    let base: String

    /// A new one that nobody else may enter, for as long as `body` runs.
    /// - Throws: `Failure` where it cannot be made; what `body` throws.
    func with<Answer: Sendable>(_ body: (String) async throws -> Answer) async throws -> Answer {
        let (path, lock) = try make()
        defer {
            try? FileManager.default.removeItem(atPath: path)
            close(lock)
        }
        return try await body(path)
    }

    /// Removes those whose services have died.
    func sweep() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? [] where name.hasPrefix(Self.prefix) {
            guard let lock = Self.lock("\(base)/\(name)") else { continue }
            try? FileManager.default.removeItem(atPath: "\(base)/\(name)")
            close(lock)
        }
    }

    private func make() throws(Failure) -> (path: String, lock: Int32) {
        // Who sweeps may take one that is not locked yet.
        for _ in 0..<8 {
            var name = Array("\(base)/\(Self.prefix)XXXXXX".utf8CString)
            guard let path = mkdtemp(&name).map({ String(cString: $0) }) else {
                throw .system("no working directory", errno)
            }
            if let lock = Self.lock(path) { return (path, lock) }
        }
        throw .transient("no working directory can be kept")
    }

    /// - Returns: a descriptor that holds the lock; nil where another one does, or where it is no folder of ours.
    private static func lock(_ path: String) -> Int32? {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { return nil }
        var (ours, there) = (stat(), stat())
        guard flock(folder, LOCK_EX | LOCK_NB) == 0, fstat(folder, &ours) == 0, lstat(path, &there) == 0,
            ours.st_ino == there.st_ino, ours.st_uid == geteuid()
        else {
            close(folder)
            return nil
        }
        return folder
    }
}

extension Failure {
    /// What the system refused: a full disk may be empty again, but not within a minute.
    static func system(_ doing: String, _ error: Int32) -> Failure {
        let reason = "\(doing): error \(error)"
        return error == ENOSPC || error == EDQUOT ? .transient(reason, .fullDisk) : .transient(reason)
    }
}
