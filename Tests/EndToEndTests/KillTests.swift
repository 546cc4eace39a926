import Events
import Foundation
import HTTPClient
import TestSupport
import Testing

/// Nothing acknowledged is lost, and nothing is told twice, whatever dies meanwhile.
@Suite(.serialized, .timeLimit(.minutes(15)))
struct KillTests {
    private static let services = [
        "upload-gateway", "ingest-listener", "metadata", "variants", "transcoder", "manifest-writer", "notifier",
    ]

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
        let ids = try await stack.uploadMany(200, picture)
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
        let before = try await stack.uploadMany(10, picture)
        try stack.signal("redis", SIGSTOP)
        let resume = Task {
            try await Task.sleep(for: .seconds(7))
            try stack.signal("redis", SIGCONT)
        }
        let during = try await stack.uploadMany(5, picture)
        try await resume.value
        for id in before + during { #expect(try await stack.finished(id).status == .ready) }
        try await expectEachRevisionOnce(before + during, of: stack)
        try await stack.stop()
    }

    @Test("the store is away for a while: work waits for it")
    func missingStore() async throws {
        let stack = try await RunningStack.start()
        let picture = try Samples.bytes("3-portrait.webp")
        let ids = try await stack.uploadMany(4, picture)
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
}
