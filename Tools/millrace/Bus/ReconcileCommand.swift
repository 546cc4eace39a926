import ArgumentParser
import Recovery

struct ReconcileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile", abstract: "Brings back what the store has and Redis does not know.",
        discussion: """
            Originals without manifest are processed as if they had just been uploaded, uploads whose bytes are there are completed, \
            finished media come back into the listings, what was left of given-up uploads is removed. ingest-listener does the same by itself every hour, and at once after \
            the loss of Redis. Works on the store and on Redis themselves (MILLRACE_STORE, MILLRACE_REDIS_URL, MILLRACE_PARTITIONS).
            """)

    @Flag(help: "Only say what would be done.") var dryRun = false
    @OptionGroup var output: OutputOptions

    func run() async throws { try await RecoveryRun(isDry: dryRun, output: output) { _ in true }.run() }
}

struct ReindexCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reindex", abstract: "Puts finished media back into the listings, from their manifests.",
        discussion: "The part of reconcile that starts no work.")

    @Flag(help: "Only say what would be done.") var dryRun = false
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await RecoveryRun(isDry: dryRun, output: output) { if case .lostEntry = $0 { true } else { false } }.run()
    }
}
