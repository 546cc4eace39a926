import Events
import FoundationEssentials

/// An event as it was once written, which must stay readable for ever.
struct Fixture: Sendable, CustomStringConvertible {
    let description: String
    /// Reads an envelope and writes it again.
    let roundTrip: @Sendable (Data) throws -> Data

    /// - Parameter variety: tells several fixtures of one type apart.
    init<Body: Event>(_ body: Body.Type, _ variety: String? = nil) {
        description = "\(Body.name).v\(Body.version)" + (variety.map { "-\($0)" } ?? "")
        roundTrip = { try EventCoding.encode(try EventCoding.decode(Envelope<Body>.self, from: $0)) }
    }

    /// Every type and version of the contract.
    static let all = [
        Fixture(MediaUploaded.self), Fixture(MediaIngested.self), Fixture(TranscodeRequested.self),
        Fixture(StepCompleted.self, "metadata"), Fixture(StepCompleted.self, "film"), Fixture(StepCompleted.self, "variants"),
        Fixture(StepCompleted.self, "transcode"),
        Fixture(StepProgress.self), Fixture(StepProgress.self, "playable"), Fixture(StepFailed.self),
        Fixture(MediaStatusChanged.self), Fixture(MediaStatusChanged.self, "failed"), Fixture(MediaProgress.self),
        Fixture(WebhookDelivery.self),
    ]

    static let directory = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    var bytes: Data {
        get throws { try Data(contentsOf: Self.directory.appending(path: description + ".json")) }
    }
}
