import Dispatch
import Glibc
import Synchronization

/// A program that lives no longer than this process does: a shell watches a socket whose other end only we hold, and kills the
/// program (SIGKILL) when it closes.
package final class ChildProcess: Sendable {
    private let watcher: pid_t
    private let pid: pid_t
    private let lifeline: Mutex<Int32?>

    /// - Parameter command: the program, found by `PATH`, and its arguments. Its output goes to `/dev/null`.
    package init(_ command: [String]) throws {
        var ends: [Int32] = [0, 0]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw ProcessError(description: "socketpair: \(errno)") }
        defer { close(ends[0]) }
        // A terminal that goes away with this process must not end the shell before it has done its duty.
        let script = #"trap '' HUP; exec >/dev/null 2>&1; "$@" <&- & echo $! >&0; read -r _; kill -9 $!; wait $!"#
        do { watcher = try Self.spawn(["sh", "-c", script, "sh"] + command, input: ends[0]) } catch {
            close(ends[1])
            throw error
        }
        lifeline = Mutex(ends[1])
        var line = [UInt8](repeating: 0, count: 16)
        let count = read(ends[1], &line, line.count)
        pid = pid_t(String(decoding: line.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)) ?? 0
    }

    /// The status with which the program ended by itself; nil while it runs.
    package var exitStatus: Int32? {
        guard let fields = Self.stat(of: pid), fields.first == "Z", let code = fields.last.flatMap({ Int32($0) }) else {
            return nil
        }
        return code >> 8 & 0xff
    }

    /// Whether the program has neither ended nor been killed.
    package var isRunning: Bool {
        Self.stat(of: pid).map { $0.first != "Z" } ?? false
    }

    /// The fields of `/proc/PID/stat` from the state on: Z is a program that has ended and of which nobody has taken note yet;
    /// the last field is then how it ended (proc(5)).
    private static func stat(of pid: pid_t) -> [Substring]? {
        guard let file = fopen("/proc/\(pid)/stat", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 2048)
        guard fgets(&line, Int32(line.count), file) != nil else { return nil }
        let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        // The state follows the name in parentheses.
        return text.split(separator: ") ", maxSplits: 1).last?.split(whereSeparator: \.isWhitespace)
    }

    /// Sends a signal to the program, unless it was ended here.
    package func signal(_ number: Int32) {
        lifeline.withLock { if $0 != nil, pid > 0 { Glibc.kill(pid, number) } }
    }

    deinit {
        guard letGo() else { return }
        DispatchQueue.global().async { [watcher] in Self.wait(for: watcher) }
    }

    /// Ends the program and waits for its end.
    package func kill() {
        if letGo() { Self.wait(for: watcher) }
    }

    /// - Returns: false when that was done before.
    private func letGo() -> Bool {
        let descriptor = lifeline.withLock { lifeline in
            defer { lifeline = nil }
            return lifeline
        }
        guard let descriptor else { return false }
        close(descriptor)
        return true
    }

    /// Runs a program to its end.
    /// - Throws: when it fails.
    package static func run(_ command: [String]) throws {
        let quiet = ["sh", "-c", #"exec "$@" </dev/null >/dev/null 2>&1"#, "sh"]
        let status = wait(for: try spawn(quiet + command, input: 0))
        guard status == 0 else { throw ProcessError(description: "\(command[0]) failed (is it installed?)") }
    }

    @discardableResult
    private static func wait(for process: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1, errno == EINTR {}
        return status
    }

    private static func spawn(_ command: [String], input: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Threads of a Swift process block signals; a shell that inherits that would never hear of its child's end.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var arguments = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var pid: pid_t = 0
        let status = posix_spawnp(&pid, command[0], &actions, &attributes, &arguments, environ)
        guard status == 0 else { throw ProcessError(description: "\(command[0]): \(String(cString: strerror(status)))") }
        return pid
    }
}

/// A program could not be started.
package struct ProcessError: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
}
