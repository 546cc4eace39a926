import Events
import Foundation
import HTTPClient
import TestSupport
import Testing

/// Nothing acknowledged is lost, and nothing is told twice, whatever dies meanwhile.
@Suite(.serialized, .timeLimit(.minutes(15)))
struct KillTests {
    private static let services = ["upload-gateway", "ingest-listener", "metadata", "variants", "manifest-writer", "notifier"]

    @Test("services are killed, every two of them in the same instant, while 200 photos are in flight: each is ready once")
    func killedServices() async throws {
        let stack = try await RunningStack.start(environment: ["MILLRACE_VISIBILITY": "3s"])
        let picture = try Samples.small
        let pairs = Self.services.indices.flatMap { first in Self.services[..<first].map { [$0, Self.services[first]] } }
        let killer = Task {
            for pair in pairs.shuffled() {
                try await Task.sleep(for: .milliseconds(.random(in: 200...900)))
                for service in pair { try? stack.signal(service, SIGKILL) }
            }
        }
        let ids = try await uploadMany(200, picture, to: stack)
        try await killer.value
        for id in ids {
            let status = try await stack.finished(id, within: .seconds(120))
            #expect(status.status == .ready, "\(id): \(String(describing: status.error))")
        }
        try await expectEachRevisionOnce(ids, of: stack)
        try await stack.stop()
    }

    @Test("Redis stands still for longer than any time-out: all is waited out")
    func stoppedRedis() async throws {
        let stack = try await RunningStack.start(environment: ["MILLRACE_VISIBILITY": "3s"])
        let picture = try Samples.bytes("3-portrait.webp")
        let before = try await uploadMany(10, picture, to: stack)
        try stack.signal("redis", SIGSTOP)
        let resume = Task {
            try await Task.sleep(for: .seconds(7))
            try stack.signal("redis", SIGCONT)
        }
        let during = try await uploadMany(5, picture, to: stack)
        try await resume.value
        for id in before + during { #expect(try await stack.finished(id).status == .ready) }
        try await expectEachRevisionOnce(before + during, of: stack)
        try await stack.stop()
    }

    @Test("the store is away for a while: work waits for it")
    func missingStore() async throws {
        let stack = try await RunningStack.start()
        let picture = try Samples.bytes("3-portrait.webp")
        let ids = try await uploadMany(4, picture, to: stack)
        let objects = stack.state.appending(path: "store/objects")
        let away = stack.state.appending(path: "store/away")
        try FileManager.default.moveItem(at: objects, to: away)
        try await eventually("a service notices") {
            let port = stack.port + 4
            return try await stack.http.send(HTTPClient.Request("GET", "http://127.0.0.1:\(port)/readyz")).status == 503
        }
        try? FileManager.default.removeItem(at: objects)
        try FileManager.default.moveItem(at: away, to: objects)
        for id in ids { #expect(try await stack.finished(id).status == .ready) }
        try await stack.stop()
    }

    private func uploadMany(_ count: Int, _ picture: [UInt8], to stack: RunningStack) async throws -> [MediaID] {
        try await withThrowingTaskGroup(of: MediaID.self) { group in
            var ids: [MediaID] = []
            for number in 0..<count {
                if number >= 8, let id = try await group.next() { ids.append(id) }
                group.addTask { try await stack.upload(picture, named: "picture-\(number).webp", type: "image/webp").mediaId }
            }
            for try await id in group { ids.append(id) }
            return ids
        }
    }

    /// The feed holds every announcement: revisions 1, 2, 3, … of each media, none twice, `ready` last.
    private func expectEachRevisionOnce(_ ids: [MediaID], of stack: RunningStack) async throws {
        let entries = try Redis.feed(of: stack)
        for id in ids {
            let told = entries.filter { $0.data.mediaId == id }.map(\.data)
            #expect(told.map(\.revision) == Array(1...told.count), "\(id) was told \(told.map(\.revision))")
            #expect(told.last?.status == .ready)
        }
    }
}

/// What the tests read of Redis itself.
enum Redis {
    /// All `media.status` events of the feed, in order.
    static func feed(of stack: RunningStack) throws -> [Envelope<MediaStatusChanged>] {
        let json = try ask(stack, ["XRANGE", "{mr:0}:stream:feed", "-", "+"])
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
        process.arguments = ["-p", String(stack.port + 10), "--json"] + command
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        defer { process.waitUntilExit() }
        let answer = pipe.fileHandleForReading.readDataToEndOfFile()
        return try JSONSerialization.jsonObject(with: answer, options: .fragmentsAllowed)
    }
}
