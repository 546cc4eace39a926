import Glibc
import Sandbox
import Synchronization
import TestSupport
import Testing

@Suite final class WorkerTests {
    private let victim = Victim()
    private let home = TemporaryDirectory()

    deinit { home.remove() }

    @Test func messagesComeInTheirOrderAndNothingElseDoes() async throws {
        let heard = Mutex<[String]>([])
        try await victim.worker.run(
            Victim.Deed(name: "echo", argument: "a b c"), files: WorkerFiles(directory: home.path), limits: victim.limits
        ) { (word: String) in heard.withLock { $0.append(word) } }
        #expect(heard.withLock { $0 } == ["a", "b", "c"])
    }

    @Test func itLeadsAGroupAndGetsNeitherOurVariablesNorOurFiles() async throws {
        setenv("MILLRACE_SECRET", "x", 1)
        let file = open("/etc/hostname", O_RDONLY)
        defer { close(file) }
        #expect(try await victim.ask("group") == "true")
        #expect(try await victim.ask("variables").split(separator: " ").allSatisfy { !$0.contains("MILLRACE") })
        #expect(try await victim.ask("descriptors") == "0 1 2 3")
    }

    @Test(arguments: [("segfault", WorkerError.Code.crashed), ("trap", .crashed), ("suicide", .killed), ("complain", .failed)])
    func aBadEndIsATypedError(_ deed: String, _ code: WorkerError.Code) async {
        #expect(await victim.end(deed) == code)
    }

    @Test func itsLastWordsAreKept() async {
        await #expect { try await victim.ask("complain") } throws: { "\($0)".contains("exit code 3: the last words") }
    }

    @Test func whoSaysNothingUnderstandableOrTooMuchHasFailed() async {
        #expect(await victim.end("echo") == .failed)
        #expect(await victim.end("mumble") == .failed)
        #expect(await victim.end("chatter") == .failed)
    }

    @Test func processorTimeAndTheClockAreLimits() async {
        var victim = victim
        victim.limits.cpuSeconds = 1
        #expect(await victim.end("spin") == .outOfTime)
        victim.limits.wallSeconds = 0.3
        #expect(await victim.end("sleep") == .outOfTime)
        #expect(await victim.end("wail") == .outOfTime)
    }

    @Test func memoryAndFilesAreLimits() async throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        #expect(try await victim.ask("swallow") == "error \(ENOMEM)")
        #expect(try await victim.ask("files") == "error \(EMFILE)")
        #expect(try await victim.ask("fill", "\(directory.path)/a", in: directory.path) == "error \(EFBIG)")
    }

    @Test func whoIsCancelledIsKilled() async throws {
        let pid = Mutex<pid_t>(0)
        let task = Task { [victim, home] in
            try await victim.worker.run(
                Victim.Deed(name: "sleep", argument: ""), files: WorkerFiles(directory: home.path), limits: victim.limits
            ) { (word: String) in pid.withLock { $0 = pid_t(word) ?? -1 } }
        }
        try await eventually("the worker runs") { pid.withLock { $0 > 0 } }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(pid.withLock { kill($0, 0) } == -1)
    }

    @Test func aProgramThatDoesNotExistIsAnError() async {
        let worker = Worker("x", executable: "/nonexistent")
        await #expect {
            try await worker.run(1, files: WorkerFiles(directory: home.path), limits: WorkerLimits()) { (_: Int) in }
        } throws: {
            ($0 as? WorkerError)?.code == .notStarted
        }
    }

    @Test func manyAtOnceDoNotDisturbEachOther() async throws {
        let answers = try await withThrowingTaskGroup { group in
            for number in 0..<24 { group.addTask { [victim] in try await victim.ask("echo", "\(number)") } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(answers.count == 24)
    }
}
