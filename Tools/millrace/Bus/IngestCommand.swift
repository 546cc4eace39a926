import ArgumentParser
import Arrivals
import Catalog
import Events
import FoundationEssentials
import Launch
import ObjectStore
import Recovery
import Redis
import RedisBus

struct IngestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest", abstract: "Makes media of objects that other tools have put into the store.",
        discussion: """
            The objects stay as they are; each becomes a media once, however often this runs. The project follows from the key, by \
            MILLRACE_INGEST_PREFIXES, or is given. ingest-listener does the same when the store sends an event. Works on the store and \
            on Redis themselves (MILLRACE_STORE, MILLRACE_REDIS_URL, MILLRACE_PARTITIONS).
            """)

    @Argument(help: "Where the objects lie, for example incoming/.") var prefix: String
    @Option(help: "The project that all of them belong to.") var project: String?
    @Flag(help: "Only say what would be done.") var dryRun = false
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let (prefixes, store) = (try places(), try operatorStore())
        let settings = try RecoveryRun.rules()
        try await OperatorBus.run { redis in
            let client = RedisClient(redis.url, name: "millrace")
            let arrivals = Arrivals(
                catalog: Catalog(redis: client, store: store, partitions: redis.bus.options.partitions), bus: redis.bus,
                store: store, source: "millrace", stepDeadline: settings.stepDeadline, prefixes: prefixes,
                isReadOnly: dryRun)
            let oldEnough = Date(timeIntervalSinceNow: -(settings.minimumAge / .seconds(1)))
            var (walk, tally) = (PrefixWalk(store, [prefix]), IngestTally())
            while let page = try await walk.next() {
                let newcomers = try await arrivals.newcomers(among: page, oldEnough: oldEnough)
                tally.objects += page.count
                try await ingest(newcomers, arrivals, &tally)
                if !output.json { Terminal.writeOver("  \(tally.objects) objects …") }
            }
            if !output.json { Terminal.writeOver("") }
            if output.json { try Terminal.printJSON(tally) } else { Terminal.write("  \(tally.text(isDry: dryRun))\n") }
            await client.close()
            guard tally.failed == 0 else {
                throw CommandError(description: "\(tally.failed) of them failed; another run tries again")
            }
        }
    }

    /// Those that the environment names, or the one that is asked for.
    private func places() throws -> [IngestPrefix] {
        if let project {
            guard let place = IngestPrefix("\(prefix.hasSuffix("/") ? prefix : prefix + "/")=\(project)") else {
                throw ValidationError("\"\(prefix)\" is no place outside of projects/ and system/, or \"\(project)\" no project")
            }
            return [place]
        }
        let places = try LocalStack.environment.list("MILLRACE_INGEST_PREFIXES", default: []).map { text in
            guard let place = IngestPrefix(text) else {
                throw ValidationError("MILLRACE_INGEST_PREFIXES: \"\(text)\" is no place")
            }
            return place
        }
        guard !places.isEmpty else { throw ValidationError("whose are they? Give --project or set MILLRACE_INGEST_PREFIXES") }
        return places
    }

    private func ingest(_ newcomers: [Newcomer], _ arrivals: Arrivals, _ tally: inout IngestTally) async throws {
        guard !dryRun else {
            for newcomer in newcomers { try tell(newcomer, &tally) }
            return
        }
        for ingestion in try await arrivals.ingest(newcomers) {
            if ingestion.isBegun { try tell(ingestion.newcomer, &tally) }
            if let error = ingestion.failure { tell(ingestion.newcomer, error, &tally) }
        }
    }

    private func tell(_ newcomer: Newcomer, _ error: any Error, _ tally: inout IngestTally) {
        tally.failed += 1
        guard !output.json else { return }
        Terminal.writeOver("")
        let reason = "\(error)"
        Terminal.write("  \(newcomer.object.key.escaped): \(reason.escaped)\n")
    }

    private func tell(_ newcomer: Newcomer, _ tally: inout IngestTally) throws {
        tally.ingested += 1
        let line = IngestLine(
            key: newcomer.object.key, size: newcomer.object.size, mediaId: newcomer.keys.mediaId.rawValue,
            projectId: newcomer.keys.projectId.rawValue, isDryRun: dryRun)
        if output.json { return try Terminal.printJSON(line) }
        Terminal.writeOver("")
        Terminal.write("  \(line.mediaId)  \(line.projectId)  \(line.key.escaped)\n")
    }
}

/// What is told of one object.
private struct IngestLine: Encodable {
    let key: String
    /// Bytes.
    let size: Int64
    let mediaId: String
    let projectId: String
    let isDryRun: Bool
}

private struct IngestTally: Encodable {
    var objects = 0
    var ingested = 0
    /// Could not be read or copied; another run tries again.
    var failed = 0

    func text(isDry: Bool) -> String {
        let new = ingested == 0 ? "nothing new" : "\(ingested) \(isDry ? "to become media" : "are media now")"
        return "\(objects) objects: \(new)" + (failed == 0 ? "" : ", \(failed) failed")
    }
}
