import ArgumentParser
import Events

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "status", abstract: "Shows where a media stands.")

    @Argument(help: "The media's id.") var mediaId: String
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        guard let id = MediaID(mediaId) else { throw ValidationError("\"\(mediaId)\" is not a media's id") }
        let standing = try await connection.api().standing(id)
        if connection.output.json { return try Terminal.printJSON(standing) }
        let status = standing.status
        show("media", "\(status.mediaId)  \(status.fileName.harmless)")
        show("status", "\(Terminal.paint(status.status))  revision \(status.revision)  \(Int(status.progress * 100)) %")
        if let error = status.error { show("error", "\(error.code.rawValue): \(error.message)") }
        if let original = standing.original { show("original", original.text) }
        if let width = status.width, let height = status.height { show("size", "\(width)×\(height)") }
        if let blurhash = status.blurhash { show("blurhash", blurhash) }
        for picture in status.processed.thumbnails {
            show("\(picture.width)×\(picture.height) \(picture.format)", picture.url ?? picture.key)
        }
        for warning in status.warnings { show("warning", "\(warning.code): \(warning.message)") }
    }

    private func show(_ name: String, _ value: String) { Terminal.write("\(Terminal.paint(name.padded(16), .grey)) \(value)\n") }
}
