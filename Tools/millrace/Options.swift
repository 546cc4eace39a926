import ArgumentParser
import FoundationEssentials

/// How to reach a stack, and how to answer.
struct ConnectionOptions: ParsableArguments {
    @Option(help: "The stack's address (MILLRACE_URL; http://127.0.0.1:8080).") var url: String?
    @Option(help: "An API key (MILLRACE_API_KEY).") var apiKey: String?
    @Option(help: "The project (MILLRACE_PROJECT; demo).") var project: String?
    @OptionGroup var output: OutputOptions

    func api() throws -> API {
        let address = url ?? environment("MILLRACE_URL") ?? "http://127.0.0.1:8080"
        guard let key = apiKey ?? environment("MILLRACE_API_KEY") else {
            throw ValidationError("an API key is needed: --api-key or MILLRACE_API_KEY")
        }
        let base = address.hasSuffix("/") ? String(address.dropLast()) : address
        return API(url: base, key: key, project: project ?? environment("MILLRACE_PROJECT") ?? "demo")
    }
}

struct OutputOptions: ParsableArguments {
    @Flag(help: "Answer in JSON, for programs.") var json = false
}

/// A variable of the environment; an empty one counts as absent.
func environment(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
}
