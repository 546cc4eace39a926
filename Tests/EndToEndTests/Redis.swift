import Events
import Foundation
import Testing

/// The feed holds every announcement: revisions 1, 2, 3, … of each media, none twice, `ready` last.
/// - Parameter first: 2 for media that nobody announced, which were never `uploading`.
func expectEachRevisionOnce(_ ids: [MediaID], first: Int = 1, of stack: RunningStack, partitions: Int = 1) async throws {
    let entries = try (0..<partitions).flatMap { try Redis.feed(of: stack, partition: $0) }
    for id in ids {
        let told = entries.filter { $0.data.mediaId == id }.map(\.data)
        #expect(told.map(\.revision) == Array((first...).prefix(told.count)), "\(id) was told \(told.map(\.revision))")
        #expect(told.last?.status == .ready)
    }
}

/// What the tests read of Redis itself.
enum Redis {
    /// All `media.status` events of a partition's feed, in order.
    static func feed(of stack: RunningStack, partition: Int = 0) throws -> [Envelope<MediaStatusChanged>] {
        let json = try ask(stack, ["XRANGE", "{mr:\(partition)}:stream:feed", "-", "+"])
        let entries = (json as? [[Any]] ?? []).compactMap { $0.last as? [String] }
        return entries.compactMap { fields in
            fields.first { $0.contains(#""type":"millrace.media.status.v1""#) }
                .flatMap { try? EventCoding.decode(Envelope<MediaStatusChanged>.self, from: Data($0.utf8)) }
        }
    }

    /// What services have asked for without having the right to.
    static func denials(of stack: RunningStack) throws -> [Any] { try ask(stack, ["ACL", "LOG"]) as? [Any] ?? ["no list"] }

    /// Sends a command to Redis.
    @discardableResult
    static func ask(_ stack: RunningStack, _ command: [String]) throws -> Any {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/redis-cli")
        process.arguments = ["-c", "-p", String(stack.redisPort), "--json"] + command
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        defer { process.waitUntilExit() }
        let answer = pipe.fileHandleForReading.readDataToEndOfFile()
        return try JSONSerialization.jsonObject(with: answer, options: .fragmentsAllowed)
    }
}
