import Catalog
import Launch
import Recovery
import Redis
import RedisBus

/// One walk through the whole store.
struct RecoveryRun {
    let isDry: Bool
    let output: OutputOptions
    /// What is to be mended; the rest is passed over.
    let isWanted: (Finding) -> Bool

    func run() async throws {
        let store = try operatorStore()
        try await OperatorBus.run { redis in
            let client = RedisClient(redis.url, name: "millrace")
            let catalog = Catalog(redis: client, store: store, partitions: redis.bus.options.partitions)
            let recovery = Recovery(
                catalog: catalog, bus: redis.bus, store: store, source: "millrace", rules: try Self.rules())
            var (walk, tally) = (StoreWalk(store), RecoveryTally())
            while let page = try await walk.next() {
                try await look(at: page, recovery, &tally)
                if !output.json { Terminal.writeOver("  \(tally.media) media …") }
            }
            if !output.json { Terminal.writeOver("") }
            try conclude(tally)
            await client.close()
        }
    }

    static func rules() throws -> RecoveryRules {
        var rules = RecoveryRules()
        rules.minimumAge = try LocalStack.environment.duration("MILLRACE_RECONCILE_AGE", default: rules.minimumAge)
        rules.stepDeadline = try LocalStack.environment.duration("MILLRACE_STEP_DEADLINE", default: rules.stepDeadline)
        return rules
    }

    private func look(at page: [StoredMedia], _ recovery: Recovery, _ tally: inout RecoveryTally) async throws {
        tally.media += page.count
        let findings = try await recovery.look(at: page).filter(isWanted)
        let outcomes = isDry ? findings.map { (finding: $0, outcome: .mended) } : try await recovery.mend(findings)
        for (finding, outcome) in outcomes {
            tally.add(finding, outcome)
            try tell(RecoveryLine(finding, outcome, isDry: isDry))
        }
    }

    private func tell(_ line: RecoveryLine?) throws {
        guard let line else { return }
        if output.json { return try Terminal.printJSON(line) }
        Terminal.writeOver("")
        Terminal.write(line.text)
    }

    /// - Throws: when something is left that only people can mend.
    private func conclude(_ tally: RecoveryTally) throws {
        if output.json { try Terminal.printJSON(tally) } else { Terminal.write("  \(summary(tally))\n") }
        guard tally.unreadable == 0 else {
            throw CommandError(description: "\(tally.unreadable) of them cannot be brought back")
        }
    }

    private func summary(_ tally: RecoveryTally) -> String {
        let counts = [
            (tally.lostOriginals, isDry ? "to process" : "given to be processed"),
            (tally.untoldOriginals, isDry ? "to complete" : "completed"),
            (tally.lostEntries, isDry ? "to index" : "indexed"), (tally.abandonedOriginals, isDry ? "to remove" : "removed"),
            (tally.young, "too young"), (tally.unreadable, "unreadable"),
        ]
        let words = counts.filter { $0.0 > 0 }.map { "\($0) \($1)" }
        return "\(tally.media) media: \(words.isEmpty ? "all is well" : words.joined(separator: ", "))"
    }
}
