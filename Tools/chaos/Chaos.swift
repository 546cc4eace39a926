import ArgumentParser

/// Tries to break the promises of the bus, and says whether it could.
@main
struct Chaos: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chaos",
        abstract: "Real Redis, real worker processes, real accidents: checks from the effects that the bus kept its promises.",
        subcommands: [RunCommand.self, WorkerCommand.self], defaultSubcommand: RunCommand.self)
}
