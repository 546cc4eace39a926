import FoundationEssentials
import Glibc
import TestSupport
import Testing

@Suite final class ConfinementTests {
    private let victim = Victim()
    private let directory = TemporaryDirectory()

    deinit { directory.remove() }

    @Test(arguments: ["socket", "local socket"]) func thereAreNoSockets(_ kind: String) async throws {
        #expect(try await victim.ask(kind) == "error \(EPERM)")
    }

    @Test(.enabled("not allowed to this user here") { (try? ChildProcess.run(["unshare", "-n", "true"])) != nil })
    func thereIsNoNetwork() async throws {
        var victim = victim
        victim.readable = ["/proc"]
        let devices = try await victim.ask("interfaces").split(separator: "\n").dropFirst(2)
        #expect(devices.map { $0.split(separator: ":")[0].filter { $0 != " " } } == ["lo"])
    }

    @Test func thereAreNoOtherProgramsOrProcesses() async throws {
        #expect(try await victim.ask("fork") == "error \(EPERM)")
        #expect(try await victim.ask("program") == "error \(EPERM)")
        #expect(try await victim.ask("kill", "\(getpid())") == "error \(EPERM)")
    }

    @Test func threadsAreNotForbidden() async throws {
        #expect(try await victim.ask("thread") == "done")
    }

    @Test func onlyNamedFilesAreRead() async throws {
        let secret = "\(directory.path)/secret"
        try Data([1]).write(to: URL(filePath: secret))
        let home = "\(directory.path)/home"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        #expect(try await victim.ask("read", secret, in: home) == "error \(EACCES)")
        #expect(try await victim.ask("read", "/etc/passwd", in: home) == "error \(EACCES)")
        #expect(try await victim.ask("write", "\(directory.path)/new", in: home) == "error \(EACCES)")
        #expect(try await victim.ask("write", "\(home)/new", in: home) == "done")
        var friend = victim
        friend.readable = [secret]
        #expect(try await friend.ask("read", secret, in: home) == "done")
        #expect(try await friend.ask("write", secret, in: home) == "error \(EACCES)")
    }
}
