import Access
import ArgumentParser
import Events

struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Manages API keys.",
        discussion: "Works on the store itself (MILLRACE_STORE), as an operator on its host.",
        subcommands: [Create.self, Revoke.self, List.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Makes a key and shows it, this once.")

        @Option(help: "The project, or * for all (MILLRACE_PROJECT).") var project: String?
        @Option(help: "What it is for.") var name = "unnamed"
        @OptionGroup var output: OutputOptions

        private struct Created: Encodable {
            let id: String
            let project: String
            let name: String
            let token: String
        }

        func run() async throws {
            guard let project = project ?? environment("MILLRACE_PROJECT") else { throw ValidationError("name the --project") }
            let (key, token) = try await keyRing().create(project: project, name: name)
            let created = Created(id: key.id, project: key.project, name: key.name, token: token)
            if output.json { return try Terminal.printJSON(created) }
            Terminal.write("\(token)\n")
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Makes a key worthless, within seconds.")

        @Argument(help: "The key's id: the 16 digits behind mr_.") var id: String
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let key = try await keyRing().revoke(id: id)
            if output.json { return try Terminal.printJSON(key) }
            Terminal.write("revoked \(key.id)\n")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists all keys.")

        @OptionGroup var output: OutputOptions

        func run() async throws {
            let keys = try await keyRing().list()
            if output.json { return try Terminal.printJSON(keys) }
            for key in keys {
                let state = key.revokedAt == nil ? "" : Terminal.paint("  revoked", .red)
                let created = EventCoding.string(from: key.createdAt)
                Terminal.write("\(key.id)  \(key.project.padded(20)) \(created)  \(key.name.harmless)\(state)\n")
            }
        }
    }

    private static func keyRing() throws -> KeyRing { KeyRing(store: try operatorStore()) }
}
