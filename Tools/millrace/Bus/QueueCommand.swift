import ArgumentParser
import Events
import FoundationEssentials
import RedisBus

struct QueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "Shows what every service has before it.",
        discussion: """
            Asks Redis itself (MILLRACE_REDIS_URL, MILLRACE_PARTITIONS). Each line is a stream and a group that reads it:
            waiting, no consumer has received them yet; working, a consumer has; retrying, they failed and are not due yet; \
            oldest, the age of the oldest that is waiting or worked on.
            """)

    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await OperatorBus.run { redis in
            let report = QueueReport(try await redis.bus.queues())
            if output.json { return try Terminal.printJSON(report) }
            Terminal.write(report.text)
        }
    }
}

/// All queues at one moment.
struct QueueReport: Encodable {
    struct Line: Encodable {
        let stream: String
        let group: String
        /// Entries that no consumer has received yet.
        let lag: Int
        /// Entries that a consumer works on.
        let pending: Int
        /// Retries that are not due yet.
        let delayed: Int
        /// The age of the oldest entry that is not acknowledged; absent when there is none.
        let oldestSeconds: Double?
        let consumers: Int
    }

    struct Dead: Encodable {
        let group: String
        let count: Int
    }

    let queues: [Line]
    let deadLetters: [Dead]

    init(_ all: [Queue], now: Date = Date()) {
        queues = all.map { queue in
            Line(
                stream: queue.figures.stream.name, group: queue.figures.group.rawValue, lag: queue.figures.lag,
                pending: queue.figures.pending, delayed: queue.delayed,
                oldestSeconds: queue.oldest.map { max(0, now.timeIntervalSince($0)) }, consumers: queue.figures.consumers)
        }
        deadLetters = all.map(\.figures).reduce(into: [Dead]()) { all, figure in
            guard !all.contains(where: { $0.group == figure.group.rawValue }) else { return }
            all.append(Dead(group: figure.group.rawValue, count: figure.deadLetters))
        }
    }

    /// Two tables: the queues; the groups that have given something up.
    var text: String {
        var table = Table(
            "stream", "group", .right("waiting"), .right("working"), .right("retrying"), .right("oldest"), .right("consumers"))
        for queue in queues { table.add(queue.cells) }
        let dead = deadLetters.filter { $0.count > 0 }
        guard !dead.isEmpty else { return table.text + "\n  no dead letters\n" }
        var graves = Table("dead letters of", .right("count"))
        for letters in dead { graves.add([Cell(letters.group), Cell(letters.count, .red)]) }
        return table.text + "\n" + graves.text
    }
}

extension QueueReport.Line {
    /// Red where entries wait and nobody is there to take them.
    fileprivate var cells: [Cell] {
        let isAlone = consumers == 0 && lag + pending + delayed > 0
        return [
            Cell(stream), Cell(group), Cell(lag), Cell(pending), Cell(delayed, delayed > 0 ? .yellow : nil),
            Cell(oldestSeconds.map(humanAge) ?? "–", (oldestSeconds ?? 0) >= 600 ? .yellow : nil),
            Cell(consumers, isAlone ? .red : nil),
        ]
    }
}
