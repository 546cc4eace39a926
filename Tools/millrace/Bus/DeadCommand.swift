import ArgumentParser
import Events
import Messaging
import RedisBus

struct DeadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead", abstract: "Looks after dead letters: events that a service has given up.",
        discussion: """
            Works on Redis itself (MILLRACE_REDIS_URL, MILLRACE_PARTITIONS). An id is group/partition/entry, as list shows it.
            """,
        subcommands: [DeadListCommand.self, DeadShowCommand.self, DeadReplayCommand.self, DeadDropCommand.self])
}

/// Which dead letters are meant.
struct DeadFilterOptions: ParsableArguments {
    @Option(help: "Only those of this group: \(Self.groups.joined(separator: ", ")).") var group: String?
    @Option(help: "Only those given up for this reason: \(Self.reasons.joined(separator: ", ")).") var reason: String?

    private static let groups = Set(Stream.all.flatMap(\.groups).map(\.rawValue)).sorted()
    private static let reasons = DeadReason.allCases.map(\.rawValue)

    var isEmpty: Bool { group == nil && reason == nil }
    var filter: DeadLetters.Filter {
        DeadLetters.Filter(group: group.map(Group.init), reason: reason.flatMap(DeadReason.init))
    }

    func validate() throws {
        guard group.map(Self.groups.contains) ?? true else { throw ValidationError("there is no such --group") }
        guard reason.map(Self.reasons.contains) ?? true else { throw ValidationError("there is no such --reason") }
    }
}

extension DeadLetters.ID {
    /// - Throws: for people, where the text is no id.
    init(argument text: String) throws {
        guard let id = DeadLetters.ID(text) else {
            throw ValidationError("\"\(text.escaped)\" is not a dead letter's id, like metadata/0/1781234567890-0")
        }
        self = id
    }
}
