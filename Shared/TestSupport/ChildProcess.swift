import Dispatch
import Glibc

/// A program that lives no longer than this process does: a shell watches a socket whose other end only we hold, and kills the
/// program (SIGKILL) when it closes.
final class ChildProcess {
    private let watcher: pid_t
    private var lifeline: Int32?

    /// - Parameter command: the program, found by `PATH`, and its arguments. Its output goes to `/dev/null`.
    init(_ command: [String]) throws {
        var ends: [Int32] = [0, 0]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw ProcessError(description: "socketpair: \(errno)") }
        defer { close(ends[0]) }
        let script = #"exec >/dev/null 2>&1; "$@" <&- & read -r _; kill -9 $!; wait $!"#
        do { watcher = try Self.spawn(["sh", "-c", script, "sh"] + command, input: ends[0]) } catch {
            close(ends[1])
            throw error
        }
        lifeline = ends[1]
    }

    deinit {
        guard let lifeline else { return }
        close(lifeline)
        DispatchQueue.global().async { [watcher] in Self.wait(for: watcher) }
    }

    /// Ends the program and waits for its end.
    func kill() {
        guard let lifeline else { return }
        self.lifeline = nil
        close(lifeline)
        Self.wait(for: watcher)
    }

    /// Runs a program to its end.
    /// - Throws: when it fails.
    static func run(_ command: [String]) throws {
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
}
