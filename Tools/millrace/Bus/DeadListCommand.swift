import ArgumentParser
import Events
import FoundationEssentials
import RedisBus

struct DeadListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists dead letters, the newest first.")

    @OptionGroup var selection: DeadFilterOptions
    @Option(help: "How many at most, up to 1000.") var limit = 20
    @Option(help: "Only those behind this one: the last id of the page before.") var before: String?
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...1000).contains(limit) else { throw ValidationError("--limit must be from 1 to 1000") }
        _ = try before.map(DeadLetters.ID.init(argument:))
    }

    func run() async throws {
        try await OperatorBus.run { redis in
            let position = try before.map(DeadLetters.ID.init(argument:))
            let letters = try await redis.bus.deadLetters().newest(selection.filter, before: position, limit: limit + 1)
            let page = DeadPage(letters, limit: limit)
            if output.json { return try Terminal.printJSON(page) }
            Terminal.write(page.text + nextPage(page))
        }
    }

    /// The command that goes on.
    private func nextPage(_ page: DeadPage) -> String {
        guard let next = page.nextBefore else { return "" }
        let filters = [selection.group.map { " --group \($0)" }, selection.reason.map { " --reason \($0)" }].compactMap(\.self)
        let limit = limit == 20 ? "" : " --limit \(limit)"
        return Terminal.paint("\n  more: millrace dead list\(filters.joined())\(limit) --before \(next)\n", .grey)
    }
}

/// Some dead letters, the newest first.
struct DeadPage: Encodable {
    let items: [DeadSummary]
    /// Pass it as `--before` for the next page; absent on the last one.
    let nextBefore: String?

    init(_ letters: [DeadLetters.Letter], limit: Int) {
        items = letters.prefix(limit).map(DeadSummary.init)
        nextBefore = letters.count > limit ? items.last?.id : nil
    }

    var text: String { items.isEmpty ? "  no dead letters\n" : items.map(\.text).joined() }
}

/// What a list says of a dead letter.
struct DeadSummary: Encodable {
    let id: String
    let stream: String
    let reason: String
    let detail: String
    let attempts: Int
    let diedAt: Date
    /// Absent where the event is not an envelope.
    let type: String?
    let mediaId: String?

    init(_ letter: DeadLetters.Letter) {
        let header = try? EventCoding.decode(EnvelopeHeader.self, from: Data(letter.event.utf8))
        id = letter.id.description
        (stream, reason, detail) = (letter.stream, letter.reason, letter.detail)
        (attempts, diedAt) = (letter.attempts, letter.diedAt)
        (type, mediaId) = (header?.type, header?.subject)
    }

    /// Two lines: which one and why; what it was, about which media, and what its worker said.
    var text: String {
        let times = "\(attempts) \(attempts == 1 ? "attempt" : "attempts")"
        let first = [
            Terminal.paint(id.padded(max(34, id.count)), .bold), "\(humanAge(-diedAt.timeIntervalSinceNow)) ago".right(10),
            "\(Terminal.paint(reason.escaped, .red)) after \(times)",
        ]
        let second = "    " + ([stream] + [mediaId].compactMap(\.self) + [detail]).map(\.escaped).joined(separator: "  ")
        return "  " + first.joined(separator: "  ") + "\n" + Terminal.paint(Terminal.fitting(second), .grey) + "\n"
    }
}
