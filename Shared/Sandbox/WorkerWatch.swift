internal import CSandbox
internal import Glibc

/// Hears a worker until it ends or its time is up.
struct WorkerWatch {
    private let pipes: (output: Pipe, errors: Pipe)
    private let pid: pid_t
    private let limits: WorkerLimits
    private let deadline: ContinuousClock.Instant
    private var lines: LineReader
    private var lament: [UInt8] = []
    private var isOverdue = false

    init(_ pipes: WorkerPipes, _ pid: pid_t, _ limits: WorkerLimits) {
        self.pipes = (pipes.output, pipes.errors)
        self.pid = pid
        self.limits = limits
        deadline = .now + .seconds(limits.wallSeconds)
        lines = LineReader(limit: limits.messageBytes)
    }

    /// Until the worker has ended or its time is up.
    mutating func run(_ hear: ([UInt8]) throws(WorkerError) -> Void) throws(WorkerError) {
        let end = mr_pidfd_open(pid)
        guard end >= 0 else { throw WorkerError(.notStarted, "no descriptor of the process: error \(errno)") }
        defer { close(end) }
        var hasEnded = false
        while !hasEnded {
            let left = Int((deadline - .now) / .milliseconds(1))
            isOverdue = left <= 0
            if isOverdue { return }
            var waits = [
                pollfd(fd: end, events: Int16(POLLIN), revents: 0),
                pollfd(fd: pipes.output.reading, events: Int16(POLLIN), revents: 0),
                pollfd(fd: pipes.errors.reading, events: Int16(POLLIN), revents: 0),
            ]
            poll(&waits, nfds_t(waits.count), Int32(clamping: left))
            // What it said before its end is in the pipe by now.
            hasEnded = waits[0].revents != 0
            try listen(hear)
        }
        isOverdue = deadline <= .now
    }

    /// What is there; of a worker that never stops talking until its time is up.
    private mutating func listen(_ hear: ([UInt8]) throws(WorkerError) -> Void) throws(WorkerError) {
        while deadline > .now, let bytes = pipes.errors.reading >= 0 ? pipes.errors.read() : nil {
            if bytes.isEmpty { pipes.errors.closeReading() }
            lament = (lament + bytes).suffix(1000)
        }
        while deadline > .now, let bytes = pipes.output.reading >= 0 ? pipes.output.read() : nil {
            if bytes.isEmpty { pipes.output.closeReading() }
            for line in try lines.take(bytes) { try hear(line) }
        }
    }

    /// - Parameter status: as of waitpid(2), once it has ended.
    func judge(_ status: Int32) throws(WorkerError) {
        if isOverdue { throw WorkerError(.outOfTime, "no end after \(limits.wallSeconds) s\(lastWords)") }
        switch status & 0x7f {
        case 0 where status >> 8 == 0: return
        case 0: throw WorkerError(.failed, "exit code \(status >> 8)\(lastWords)")
        case SIGXCPU: throw WorkerError(.outOfTime, "more than \(limits.cpuSeconds) s of processor time\(lastWords)")
        case SIGKILL, SIGTERM, SIGINT, SIGHUP, SIGQUIT: throw WorkerError(.killed, "signal \(status & 0x7f)\(lastWords)")
        case let signal: throw WorkerError(.crashed, "signal \(signal)\(lastWords)")
        }
    }

    private var lastWords: String {
        let text = String(decoding: lament, as: UTF8.self).split(whereSeparator: \.isNewline).suffix(3).joined(separator: "; ")
        return text.isEmpty ? "" : ": \(text)"
    }
}
