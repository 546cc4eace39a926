import ArgumentParser
import Events
import FoundationEssentials

struct MediaRestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Brings the original of a media back from cold storage.",
        discussion: "Some stores need hours for it; `millrace status` shows when it is there.")

    @Argument(help: "The media's id.") var mediaId: String
    @OptionGroup var connection: ConnectionOptions

    private struct Answer: Codable {
        let mediaId: MediaID
        let projectId: ProjectID
        let original: OriginalPlace?
    }

    func run() async throws {
        guard let id = MediaID(mediaId) else { throw ValidationError("\"\(mediaId)\" is not a media's id") }
        let api = try connection.api()
        let answer: Answer = try await api.call("POST", "/api/v2/media/\(id)/restore?projectId=\(api.project)")
        if connection.output.json { return try Terminal.printJSON(answer) }
        Terminal.write("\(id)  the original is \(answer.original?.text ?? "at hand")\n")
    }
}

/// Where an original is that went to cold storage.
struct OriginalPlace: Codable {
    let storage: String
    let restoredUntil: Date?

    var text: String {
        let until = restoredUntil.map { " until \(EventCoding.string(from: $0))" } ?? ""
        return storage.harmless + until
    }
}

/// A media's status, and where its original is if not at hand.
struct Standing: Codable {
    let status: MediaStatusChanged
    let original: OriginalPlace?

    private enum CodingKeys: String, CodingKey { case original }

    init(from decoder: any Decoder) throws {
        status = try MediaStatusChanged(from: decoder)
        original = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(OriginalPlace.self, forKey: .original)
    }

    func encode(to encoder: any Encoder) throws {
        try status.encode(to: encoder)
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encodeIfPresent(original, forKey: .original)
    }
}
