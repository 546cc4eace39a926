import ArgumentParser
import Events
import FoundationEssentials

struct WebhooksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhooks", abstract: "Manages a project's webhooks.", subcommands: [Add.self, List.self, Remove.self])

    struct Webhook: Codable {
        let id: String
        let url: String
        let eventTypes: [String]
        let createdAt: Date
        let disabledAt: Date?
        let secret: String?
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Subscribes a URL; shows the secret, this once.")

        @Argument(help: "Where to deliver.") var endpoint: String
        @OptionGroup var connection: ConnectionOptions

        private struct New: Encodable {
            let projectId: String
            let url: String
        }

        func run() async throws {
            let api = try connection.api()
            let body = New(projectId: api.project, url: endpoint)
            let webhook: Webhook = try await api.call("POST", "/api/v2/webhooks", body: body)
            if connection.output.json { return try Terminal.printJSON(webhook) }
            Terminal.write("\(webhook.id)\n\(webhook.secret ?? "")\n")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the project's webhooks.")

        @OptionGroup var connection: ConnectionOptions

        private struct Page: Decodable { let items: [Webhook] }

        func run() async throws {
            let api = try connection.api()
            let page: Page = try await api.call("GET", "/api/v2/webhooks?projectId=\(api.project)")
            if connection.output.json { return try Terminal.printJSON(page.items) }
            for webhook in page.items {
                let state = webhook.disabledAt == nil ? "" : Terminal.paint("  disabled", .red)
                Terminal.write("\(webhook.id)  \(webhook.url.harmless)\(state)\n")
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Unsubscribes.")

        @Argument(help: "The webhook's id.") var id: String
        @OptionGroup var connection: ConnectionOptions

        func run() async throws { try await connection.api().send("DELETE", "/api/v2/webhooks/\(id)") }
    }
}
