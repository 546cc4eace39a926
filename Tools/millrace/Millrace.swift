import ArgumentParser

/// The operator's command line.
@main
struct Millrace: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "millrace", abstract: "Uploads media to Millrace and looks after it.",
        discussion: "MILLRACE_URL, MILLRACE_API_KEY and MILLRACE_PROJECT stand for --url, --api-key and --project.",
        subcommands: [
            UploadCommand.self, StatusCommand.self, MediaCommand.self, WatchCommand.self, WebhooksCommand.self, KeysCommand.self,
            QueueCommand.self, DeadCommand.self, ReconcileCommand.self, ReindexCommand.self, IngestCommand.self,
            BucketCommand.self, CheckHLSCommand.self,
        ])
}

/// A failure in one line; the exit code is 1.
struct CommandError: Error, CustomStringConvertible {
    let description: String
}
