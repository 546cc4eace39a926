internal import Dispatch
internal import Glibc
internal import Synchronization

/// One worker from its start to its end.
final class WorkerProcess: Sendable {
    private enum State {
        case waiting, cancelled, ended
        case running(pid_t)
    }

    private let limits: WorkerLimits
    private let state = Mutex(State.waiting)

    init(_ limits: WorkerLimits) { self.limits = limits }

    /// Starts the program, gives it its order and listens to it. The thread that starts it stays until it has ended: the kernel
    /// would kill it with that thread.
    func run(
        _ command: [String], _ order: [UInt8], _ hear: @escaping @Sendable ([UInt8]) throws(WorkerError) -> Void
    ) async -> Result<Void, WorkerError> {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "worker").async {
                continuation.resume(returning: Result { () throws(WorkerError) in try self.work(command, order, hear) })
            }
        }
    }

    /// Ends it, with all that it may have started.
    func kill() {
        state.withLock { state in
            if case .running(let pid) = state { Glibc.kill(-pid, SIGKILL) }
            if case .waiting = state { state = .cancelled }
        }
    }

    private func work(
        _ command: [String], _ order: [UInt8], _ hear: ([UInt8]) throws(WorkerError) -> Void
    ) throws(WorkerError) {
        let pipes = try WorkerPipes(order)
        let pid = try start(command, pipes)
        pipes.closeFarEnds()
        var watch = WorkerWatch(pipes, pid, limits)
        let outcome = Result { () throws(WorkerError) in try watch.run(hear) }
        Glibc.kill(-pid, SIGKILL)
        let status = end(pid)
        try outcome.get()
        try watch.judge(status)
    }

    /// Under the lock, so that who cancels knows whom to kill.
    private func start(_ command: [String], _ pipes: WorkerPipes) throws(WorkerError) -> pid_t {
        let started: Result<pid_t, WorkerError> = state.withLock { state in
            guard case .waiting = state else { return .failure(WorkerError(.killed, "cancelled before its start")) }
            do throws(WorkerError) {
                let pid = try pipes.spawn(command)
                state = .running(pid)
                return .success(pid)
            } catch { return .failure(error) }
        }
        return try started.get()
    }

    /// Takes note of its end; before that nobody else can have its number.
    private func end(_ pid: pid_t) -> Int32 {
        var information = siginfo_t()
        while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) == -1, errno == EINTR {}
        state.withLock { $0 = .ended }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) == -1, errno == EINTR {}
        return status
    }
}
