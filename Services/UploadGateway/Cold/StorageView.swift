import Events
import FoundationEssentials
import ObjectStore

/// Where an original lies that went to cold storage, as clients are told.
struct StorageView: Encodable, Sendable, Hashable {
    /// `archived`, `restoring` or `restored`.
    let storage: String
    /// Until when a restored one can be read.
    var restoredUntil: Date?

    /// Nil for what never went.
    init?(_ state: StorageState) {
        switch state {
        case .available: return nil
        case .archived: storage = "archived"
        case .restoring: storage = "restoring"
        case .restored(let until): (storage, restoredUntil) = ("restored", until)
        }
    }
}

/// The answer of `GET …/status`: a media's status, and where its original is if not at hand.
struct StatusView: Encodable, Sendable {
    let status: MediaStatusChanged
    let original: StorageView?

    private enum Names: String, CodingKey { case original }

    func encode(to encoder: any Encoder) throws {
        try status.encode(to: encoder)
        var members = encoder.container(keyedBy: Names.self)
        try members.encodeIfPresent(original, forKey: .original)
    }
}
