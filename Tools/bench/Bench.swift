import ArgumentParser

/// What `make bench` measures with. Each command prints one line of JSON.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measures Millrace.",
        subcommands: [Photos.self, Direct.self, StoreEvents.self, Uploads.self, BusBench.self, DelayProxy.self])
}
