import ArgumentParser
import Events
import FoundationEssentials

struct UploadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "upload", abstract: "Uploads files.")

    @Argument(help: "The files.") var files: [String]
    @Flag(help: "Wait until every media is ready, and show each step.") var wait = false
    @Option(help: "How many seconds to wait for them.") var timeout = 3600
    @Option(help: "How many files at once.") var concurrency = 4
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard !files.isEmpty else { throw ValidationError("name at least one file") }
        guard timeout >= 1 else { throw ValidationError("--timeout must be at least 1") }
        guard (1...64).contains(concurrency) else { throw ValidationError("--concurrency must be from 1 to 64") }
    }

    func run() async throws {
        let api = try connection.api()
        let sources = try files.map(SourceFile.init)
        let board = Board(sources, style: connection.output.json ? .silent : Terminal.isInteractive ? .live : .lines)
        let watcher = wait ? try await Watcher.start(api, board) : nil
        await board.draw()
        await upload(sources, api, board)
        if let watcher { await watcher.waitForAll(atMost: .seconds(timeout)) }
        let results = await board.results
        if connection.output.json { try Terminal.printJSON(results) } else { await board.summary(waited: wait, url: api.url) }
        let bad = results.filter { $0.error != nil }
        guard bad.isEmpty else { throw CommandError(description: "\(bad.count) of \(results.count) failed") }
    }

    /// All of them, `concurrency` at once; a failure is told on the board and the others go on.
    private func upload(_ sources: [SourceFile], _ api: API, _ board: Board) async {
        await withTaskGroup(of: Void.self) { group in
            for (row, source) in sources.enumerated() {
                if row >= concurrency { await group.next() }
                group.addTask {
                    do { try await FileUpload(source: source, row: row, api: api, board: board).run() } catch {
                        await board.failed(row, "\(error)")
                    }
                }
            }
        }
    }
}
