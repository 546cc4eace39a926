import ArgumentParser
import Glibc
import ObjectStore
import S3

struct BucketCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bucket", abstract: "Looks after the bucket of MILLRACE_STORE.", subcommands: [Setup.self])

    struct Setup: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes the bucket what Millrace needs; says first what it would change.",
            discussion: """
                The bucket itself; its CORS rule, so that pages can upload straight into it; its lifecycle rules, which abort uploads in \
                parts that nobody completed and, with MILLRACE_COLD_CLASS, move old originals there; its notification, where --notify or \
                --notify-url says whom it is to tell of new objects. Rules of others are kept.
                """)

        @Option(help: "An origin whose pages may upload; may be repeated. Without one: every origin.") var origin: [String] = []
        @Option(help: "After how many days an upload in parts that nobody completed is aborted.") var abortAfter = 7
        @OptionGroup var notification: NotificationOptions
        @Flag(help: "Only say what would be changed.") var dryRun = false
        @Flag(help: "Do not ask.") var yes = false

        func validate() throws {
            guard (1...365).contains(abortAfter) else { throw ValidationError("--abort-after is 1 to 365 days") }
        }

        func run() async throws {
            guard let store = try operatorStore() as? S3Store else {
                throw CommandError(description: "MILLRACE_STORE names no bucket: s3://bucket?endpoint=…")
            }
            let plan = BucketPlan(
                client: store.client, origins: origin.isEmpty ? ["*"] : origin, abortAfterDays: abortAfter, cold: store.cold)
            let notifications = try notification.plan(store.client)
            let changes = try await missing(plan, notifications)
            guard !changes.isEmpty else { return Terminal.write("\(store.client.location.bucket) is as it should be\n") }
            for change in changes { Terminal.write("\(dryRun ? "would " : "")\(change.description)\n") }
            guard !dryRun, try isConfirmed() else { return }
            let unknown = try await make(changes)
            let left = try await missing(plan, notifications).map(\.description).filter { !unknown.contains($0) }
            guard left.isEmpty else {
                throw CommandError(description: "the store did not keep: " + left.joined(separator: ", "))
            }
            Terminal.write(unknown.isEmpty ? "done\n" : "done, but for what this store does not know\n")
        }

        /// Also those that come after one that the store does not know.
        /// - Returns: what it does not know.
        private func make(_ changes: [BucketPlan.Change]) async throws -> [String] {
            var unknown: [String] = []
            for change in changes {
                do { try await change.make() } catch let error as S3Error where error.isUnsupported {
                    unknown.append(change.description)
                    Terminal.write(
                        "not known to this store, set it by its own means: \(change.description) (\(error.code.escaped))\n")
                }
            }
            return unknown
        }

        private func missing(_ plan: BucketPlan, _ notifications: NotificationPlan?) async throws -> [BucketPlan.Change] {
            var changes = try await plan.changes()
            if let notifications { changes += try await notifications.changes() }
            return changes
        }

        private func isConfirmed() throws -> Bool {
            if yes { return true }
            guard isatty(STDIN_FILENO) == 1 else { throw CommandError(description: "nobody to ask: say --yes or --dry-run") }
            Terminal.write("Change it? [y/N] ")
            return readLine().map { ["y", "yes"].contains($0.lowercased()) } ?? false
        }
    }
}
