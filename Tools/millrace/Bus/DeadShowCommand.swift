import ArgumentParser
import Events
import FoundationEssentials
import RedisBus

struct DeadShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows a dead letter with its whole event.")

    @Argument(help: "The dead letter's id.") var id: String
    @OptionGroup var output: OutputOptions

    func validate() throws { _ = try DeadLetters.ID(argument: id) }

    func run() async throws {
        try await OperatorBus.run { redis in
            guard let letter = try await redis.bus.deadLetters().letter(try DeadLetters.ID(argument: id)) else {
                throw CommandError(description: "there is no dead letter \(id)")
            }
            let view = DeadView(letter)
            if output.json { return try Terminal.printJSON(view) }
            Terminal.write(view.text)
        }
    }
}

/// All that is known of a dead letter.
struct DeadView: Encodable {
    let id: String
    let stream: String
    /// Its id in the stream, when it was given up.
    let entry: String
    let reason: String
    let detail: String
    let attempts: Int
    let firstAt: Date?
    let diedAt: Date
    /// The text as it was published, whatever it is; bytes that are not UTF-8 show as U+FFFD.
    let event: String

    init(_ letter: DeadLetters.Letter) {
        id = letter.id.description
        (stream, entry, reason, detail) = (letter.stream, letter.entry, letter.reason, letter.detail)
        (attempts, firstAt, diedAt, event) = (letter.attempts, letter.firstAt, letter.diedAt, letter.event)
    }

    var text: String {
        let lines = [
            ("id", id), ("stream", "\(stream.escaped)  \(entry.escaped)"), ("reason", Terminal.paint(reason.escaped, .red)),
            ("detail", detail.escaped), ("attempts", String(attempts)), ("published", firstAt.map(Self.time) ?? "–"),
            ("given up", Self.time(diedAt)), ("size", humanSize(Int64(event.utf8.count))),
        ]
        let head = lines.map { "\(Terminal.paint($0.padded(10), .grey)) \($1)\n" }.joined()
        return head + "\n" + JSONLayout.indented(event) + "\n"
    }

    private static func time(_ date: Date) -> String {
        "\(EventCoding.string(from: date))  \(Terminal.paint("\(humanAge(-date.timeIntervalSinceNow)) ago", .grey))"
    }
}
