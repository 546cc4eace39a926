internal import CSandbox
internal import Glibc

/// What joins us with a worker: its order, in a file without a name, and two pipes.
struct WorkerPipes {
    let output: Pipe
    let errors: Pipe
    private let input: OrderFile

    init(_ order: [UInt8]) throws(WorkerError) {
        input = try OrderFile(order)
        output = try Pipe()
        errors = try Pipe()
    }

    /// What only the worker needs.
    func closeFarEnds() {
        output.closeWriting()
        errors.closeWriting()
    }

    /// Starts a program at the other ends: leader of a group of its own, without our environment, where secrets may be.
    func spawn(_ command: [String]) throws(WorkerError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input.descriptor, 0)
        posix_spawn_file_actions_adddup2(&actions, output.writing, 1)
        posix_spawn_file_actions_adddup2(&actions, errors.writing, 2)
        mr_spawn_close_from(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        Self.beginAnew(&attributes)
        var arguments = command.map { strdup($0) } + [nil]
        var variables = Self.environment.map { strdup($0) } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var pid: pid_t = 0
        let status = posix_spawn(&pid, command[0], &actions, &attributes, &arguments, &variables)
        guard status == 0 else { throw WorkerError(.notStarted, "\(command[0]): error \(status)") }
        return pid
    }

    /// A group of its own, and signals as they are in a new process.
    private static func beginAnew(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    }

    /// Of ours only where Swift's libraries are. More arenas of memory would only use up the address space; a crash is to be an end,
    /// not a report of many seconds.
    private static var environment: [String] {
        let path = getenv("LD_LIBRARY_PATH").map { ["LD_LIBRARY_PATH=\(String(cString: $0))"] } ?? []
        return path + ["PATH=/nonexistent", "LC_ALL=C.UTF-8", "MALLOC_ARENA_MAX=2", "SWIFT_BACKTRACE=enable=no"]
    }
}

private final class OrderFile {
    let descriptor: Int32

    init(_ bytes: [UInt8]) throws(WorkerError) {
        descriptor = mr_memory_file()
        guard descriptor >= 0, bytes.withUnsafeBytes({ pwrite(descriptor, $0.baseAddress, $0.count, 0) }) == bytes.count else {
            throw WorkerError(.notStarted, "the order cannot be written: error \(errno)")
        }
    }

    deinit { close(descriptor) }
}

/// Both ends of a pipe, closed with it. Reading does not wait.
final class Pipe {
    private var ends: (reading: Int32, writing: Int32)

    init() throws(WorkerError) {
        var both: [Int32] = [-1, -1]
        guard mr_pipe(&both) == 0 else { throw WorkerError(.notStarted, "no pipe: error \(errno)") }
        ends = (both[0], both[1])
        _ = fcntl(ends.reading, F_SETFL, O_NONBLOCK)
    }

    deinit {
        closeReading()
        closeWriting()
    }

    var reading: Int32 { ends.reading }
    var writing: Int32 { ends.writing }

    func closeReading() {
        if ends.reading >= 0 { close(ends.reading) }
        ends.reading = -1
    }

    func closeWriting() {
        if ends.writing >= 0 { close(ends.writing) }
        ends.writing = -1
    }

    /// - Returns: nil while there is nothing to read; nothing at the end.
    func read() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = Glibc.read(ends.reading, &buffer, buffer.count)
        if count < 0 { return errno == EAGAIN || errno == EINTR ? nil : [] }
        return Array(buffer.prefix(count))
    }
}
