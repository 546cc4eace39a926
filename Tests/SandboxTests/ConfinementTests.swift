import FoundationEssentials
import Glibc
import Sandbox
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
        #expect(try await victim.ask("read given", secret, in: home) == "error \(EBADF)")
        #expect(try await victim.ask("read", "/etc/passwd", in: home) == "error \(EACCES)")
        #expect(try await victim.ask("write", "\(directory.path)/new", in: home) == "error \(EACCES)")
        #expect(try await victim.ask("write", "\(home)/new", in: home) == "done")
        var friend = victim
        friend.readable = [secret]
        // Not even its user may open it any more: it is open.
        #expect(chmod(secret, 0o400) == 0)
        #expect(try await friend.ask("read given", secret, in: home) == "done")
        #expect(try await friend.ask("write", secret, in: home) == "error \(EACCES)")
    }

    /// Where this user is root, and may become somebody else.
    private static let isRoot = geteuid() == 0

    @Test func nothingIsLeftOfItsRights() async throws {
        var victim = victim
        victim.readable = ["/proc"]
        let lines = try await victim.ask("status").split(separator: "\n")
        let facts = Dictionary(
            lines.map { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                return (parts[0], parts.last.map { $0.split(whereSeparator: \.isWhitespace).map(String.init) } ?? [])
            }, uniquingKeysWith: { $1 })
        for set in ["CapInh", "CapPrm", "CapEff", "CapAmb"] { #expect(facts[Substring(set)] == ["0000000000000000"], "\(set)") }
        #expect(facts["NoNewPrivs"] == ["1"] && facts["Seccomp"] == ["2"])
        guard Self.isRoot else { return }
        #expect(facts["CapBnd"] == ["0000000000000000"])
        #expect(facts["Uid"] == Array(repeating: "65534", count: 4) && facts["Gid"] == Array(repeating: "65534", count: 4))
        #expect(facts["Groups"] == [])
    }

    #if arch(x86_64)
        /// Numbers of system calls by what they would be good for.
        @Test(arguments: [
            ("others' memory and signals", [101, 310, 311, 440, 62, 200, 129, 297, 424, 434, 438, 312, 448]),
            ("sockets", [41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 288, 299, 307]),
            ("programs and processes", [56, 57, 58, 59, 322, 435, 61, 247, 109, 112, 308, 272]),
            ("mounts", [165, 166, 155, 161, 428, 429, 430, 431, 432, 433, 442, 457, 458]),
            ("the kernel", [175, 176, 313, 246, 320, 169, 298, 321, 323, 172, 173, 103, 163, 167, 168, 170, 171, 159, 227, 305]),
            ("rings and keys", [425, 426, 427, 248, 249, 250, 206, 207, 208, 209, 210]),
            ("becoming somebody", [105, 106, 113, 114, 116, 117, 119, 122, 123, 126, 157]),
            ("priorities", [141, 142, 144, 203, 314, 238, 237, 256, 279, 251]),
            ("owners and names of files", [90, 92, 93, 94, 260, 132, 188, 189, 190, 197, 86, 88, 265, 266, 133, 259, 303, 304]),
            ("memory that is code or shared", [329, 29, 30, 31, 64, 68, 319, 447]),
        ])
        func systemCallsThatNoCodecNeedsAreRefused(_ purpose: String, _ numbers: [Int]) async throws {
            let got = try await victim.ask("calls", numbers.map(String.init).joined(separator: " "))
            #expect(got.isEmpty, "\(purpose): \(got)")
        }

        @Test func callsAboutOthersAreRefused() async throws {
            let us = Int(getpid())
            // tgkill, prlimit64, prctl (dumpable), fcntl (F_SETOWN), ioctl.
            #expect(try await victim.ask("call", "234 \(us) \(us) 0") == "error \(EPERM)")
            #expect(try await victim.ask("call", "302 \(us) 7 0 0") == "error \(EPERM)")
            #expect(try await victim.ask("call", "302 0 7 0 0") == "done")
            #expect(try await victim.ask("call", "157 4 1") == "error \(EPERM)")
            #expect(try await victim.ask("call", "72 0 8 \(us)") == "error \(EPERM)")
            #expect(try await victim.ask("call", "16 0 \(0x5412) 0") == "error \(ENOTTY)")
        }
    #endif

    @Test func itsOwnThreadsMaySignalEachOther() async throws { #expect(try await victim.ask("own signal") == "done") }

    @Test func noNewCodeIsMade() async throws { #expect(try await victim.ask("code") == "error \(EPERM)") }

    @Test func whatCannotBeHadIsTold() async throws {
        let missing = try await victim.worker.shortcomings(below: directory.path)
        let hasLandlock = (try? FileManager.default.contentsOfDirectory(atPath: "/sys/kernel/security"))?.contains("landlock")
        if hasLandlock == true { #expect(!missing.contains { $0.contains("Landlock") }) }
        if Self.isRoot { #expect(missing.isEmpty, "\(missing)") }
    }

    /// Root without some of root's rights: whether its workers stay root.
    @Test(
        .enabled("not allowed to this user here") {
            (try? ChildProcess.run(["setpriv", "--bounding-set", "-kill", "unshare", "-n", "true"])) != nil
        },
        arguments: [("-kill", true), ("-sys_admin", false), ("-sys_admin,-chown", true)])
    func whatRootMayNotDoIsTold(_ rights: String, _ staysRoot: Bool) async throws {
        let script = "\(directory.path)/weaker"
        let text = "#!/bin/sh\nexec /usr/bin/setpriv --bounding-set \(rights) '\(Victim.executable)' \"$@\""
        // No other child of ours may hold it open for writing when it is started.
        try ChildProcess.run(["sh", "-c", #"printf '%s\n' "$1" >"$2" && chmod 700 "$2""#, "sh", text, script])
        let missing = try await Worker("victim", executable: script).shortcomings(below: directory.path)
        #expect(missing.contains { $0.contains("root") } == staysRoot, "\(missing)")
        if !staysRoot { #expect(missing.contains { $0.contains("network") }, "\(missing)") }
    }

    /// It is started by a process that has ended before it could say that it wants to end with it.
    @Test func whoseServiceHasEndedDoesNotBegin() async throws {
        await #expect {
            try await victim.worker.run(
                Victim.Deed(name: "echo", argument: "a"), files: WorkerFiles(directory: directory.path), limits: victim.limits,
                parent: 1
            ) { (_: String) in }
        } throws: {
            "\($0)".contains("to die with its service")
        }
    }
}
