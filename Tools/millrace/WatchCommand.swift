import ArgumentParser
import Events
import FoundationEssentials

struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "watch", abstract: "Shows a project's events as they happen.")

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let feed = Feed(try connection.api())
        try await feed.connect()
        while true {
            switch try await feed.next() {
            case .status(let status): try show(status, "\(Terminal.paint(status.status))  \(note(status))")
            case .progress(let progress): try show(progress, Terminal.paint(note(progress), .grey))
            case .reset: if !connection.output.json { Terminal.write("… events were missed\n") }
            }
        }
    }

    private func show(_ event: some Event, _ text: String) throws {
        if connection.output.json { return try Terminal.printJSON(event) }
        let time = EventCoding.string(from: Date()).dropFirst(11).prefix(12)
        Terminal.write("\(time)  \(event.mediaId)  \(text)\n")
    }

    private func note(_ status: MediaStatusChanged) -> String {
        status.error.map { "\($0.code.rawValue): \($0.message)" } ?? status.fileName.harmless
    }

    private func note(_ progress: MediaProgress) -> String {
        let time = progress.durationMs.map { " in \(humanSeconds(Double($0) / 1000))" } ?? ""
        return "\(progress.step.rawValue) \(progress.state.rawValue)\(time)"
    }
}
