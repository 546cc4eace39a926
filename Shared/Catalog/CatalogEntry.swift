package import Events
import FoundationEssentials

/// What the catalog holds of a media.
package enum CatalogEntry: Hashable, Sendable {
    case inFlight(MediaRecord)
    case finished(MediaSummary)
    /// Given up by its owner; forgotten after eight days. For people: not found.
    case deleted

    static let tombstone = "deleted"

    /// - Throws: `CatalogError` when `value` is none of the three.
    package init(_ mediaId: MediaID, stored value: String) throws {
        if value == Self.tombstone {
            self = .deleted
        } else if let summary = MediaSummary(mediaId, encoded: value) {
            self = .finished(summary)
        } else {
            do { self = .inFlight(try EventCoding.decode(MediaRecord.self, from: Data(value.utf8))) } catch {
                throw CatalogError(.corrupt, "the record of \(mediaId) cannot be read: \(error)")
            }
        }
    }

    package var projectId: ProjectID? {
        switch self {
        case .inFlight(let record): record.projectId
        case .finished(let summary): summary.projectId
        case .deleted: nil
        }
    }

    package var status: MediaStatus? {
        switch self {
        case .inFlight(let record): record.status
        case .finished(let summary): summary.status
        case .deleted: nil
        }
    }
}
