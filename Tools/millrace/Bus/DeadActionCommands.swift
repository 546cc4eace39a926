import ArgumentParser
import RedisBus

struct DeadReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Gives events back to the group that gave them up.",
        discussion: """
            The event is the same, with its id; its attempts begin anew; no other group gets it again. A media that failed \
            because of this step goes on when the step now completes.
            """)

    @OptionGroup var targets: DeadTargets
    @OptionGroup var output: OutputOptions

    func run() async throws { try await targets.act(.replay, output) }
}

struct DeadDropCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "drop", abstract: "Removes dead letters for good.")

    @OptionGroup var targets: DeadTargets
    @OptionGroup var output: OutputOptions

    func run() async throws { try await targets.act(.drop, output) }
}

/// The dead letters that a command acts on: some, by their ids, or all that a filter leaves.
struct DeadTargets: ParsableArguments {
    @Argument(help: "The dead letters' ids.") var ids: [String] = []
    @Flag(help: "All of them, or all of a --group or --reason.") var all = false
    @OptionGroup var selection: DeadFilterOptions

    func validate() throws {
        guard all != !ids.isEmpty else { throw ValidationError("name the ids, or --all") }
        guard all || selection.isEmpty else { throw ValidationError("--group and --reason go with --all") }
        _ = try ids.map(DeadLetters.ID.init(argument:))
    }

    func act(_ action: DeadLetters.Action, _ output: OutputOptions) async throws {
        try await OperatorBus.run { redis in
            let letters = redis.bus.deadLetters()
            var outcome = DeadOutcome(action)
            if all {
                outcome.tally = try await letters.applyToAll(action, selection.filter) { tally in
                    if !output.json { Terminal.writeOver("  \(action.pastTense) \(tally.taken) …") }
                }
                if !output.json { Terminal.writeOver("") }
            } else {
                for id in ids { outcome.add(try await letters.apply(action, to: try DeadLetters.ID(argument: id)), of: id) }
            }
            try outcome.tell(output)
        }
    }
}

/// What an action came to.
struct DeadOutcome {
    let action: DeadLetters.Action
    var tally = DeadLetters.Tally()
    private var missing: [String] = []

    init(_ action: DeadLetters.Action) { self.action = action }

    private struct Report: Encodable {
        let action: String
        let count: Int
        /// Their stream is not one that the group reads.
        let notReplayable: Int
        /// Ids that are no dead letters (any more).
        let missing: [String]
    }

    mutating func add(_ one: DeadLetters.Tally, of id: String) {
        tally.taken += one.taken
        tally.foreign += one.foreign
        if one == DeadLetters.Tally() { missing.append(id) }
    }

    /// - Throws: when it did not do all that was asked.
    func tell(_ output: OutputOptions) throws {
        let count = tally.taken
        if output.json {
            try Terminal.printJSON(
                Report(action: action.rawValue, count: count, notReplayable: tally.foreign, missing: missing))
        } else if count > 0 || missing.isEmpty {
            Terminal.write("  \(action.pastTense) \(count) dead \(count == 1 ? "letter" : "letters")\n")
        }
        guard missing.isEmpty else {
            throw CommandError(description: "there is no dead letter \(missing.joined(separator: ", "))")
        }
        guard tally.foreign == 0 else {
            throw CommandError(
                description: "\(tally.foreign) cannot be replayed: their group does not read their stream (any more)")
        }
    }
}

extension DeadLetters.Action {
    var pastTense: String {
        switch self {
        case .replay: "replayed"
        case .drop: "dropped"
        }
    }
}
