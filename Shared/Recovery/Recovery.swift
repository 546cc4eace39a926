package import Catalog
import Events
package import FoundationEssentials
package import Messaging
package import ObjectStore

/// Finds in the store what Redis does not know (any more) and brings it back. Safe to run in many places at once: every change is
/// one commit that expects that nobody was faster.
///
/// Media that Redis does know are left alone, for who is late among them is manifest-writer's business; but for uploads whose bytes have
/// long been there, of which an event was lost.
package struct Recovery: Sendable {
    let catalog: Catalog
    let bus: any Bus
    let store: any ObjectStore
    /// The service, for the events that follow.
    let source: String
    package let rules: RecoveryRules

    package init(
        catalog: Catalog, bus: any Bus, store: any ObjectStore, source: String, rules: RecoveryRules = RecoveryRules()
    ) {
        self.catalog = catalog
        self.bus = bus
        self.store = store
        self.source = source
        self.rules = rules
    }

    /// What is amiss with these media.
    package func look(at media: [StoredMedia], now: Date = Date()) async throws -> [Finding] {
        let oldEnough = now.addingTimeInterval(-(rules.minimumAge / .seconds(1)))
        return zip(media, try await standings(media)).compactMap { media, standing in
            switch (standing, media.original) {
            case (.unknown, _) where media.hasManifest: .lostEntry(media.keys)
            case (.unknown, let original?) where original.modifiedAt > oldEnough: .young(media.keys)
            case (.unknown, let original?): .lostOriginal(media.keys, original)
            case (.deleted, let original?): .abandonedOriginal(media.keys, original)
            case (.uploading(let record), let original?)
            where record.isWaiting(for: original, of: media.keys) && original.modifiedAt <= oldEnough:
                .untoldOriginal(media.keys, original)
            default: nil
            }
        }
    }

    private enum Standing {
        case unknown, known, deleted
        case uploading(MediaRecord)
    }

    /// A record that cannot be read is one all the same: nothing is done to what is not understood.
    private func standings(_ media: [StoredMedia]) async throws -> [Standing] {
        do {
            return try await catalog.entries(media.map(\.keys.mediaId)).map { found in
                switch found?.entry {
                case nil: .unknown
                case .deleted: .deleted
                case .inFlight(let record) where record.status == .uploading && record.outcome == nil: .uploading(record)
                default: .known
                }
            }
        } catch let error as CatalogError where error.code == .corrupt {
            guard media.count > 1 else { return [.known] }
            let middle = media.count / 2
            return try await standings(Array(media[..<middle])) + standings(Array(media[middle...]))
        }
    }
}

/// When and how what was lost is brought back.
package struct RecoveryRules: Sendable {
    /// An original younger than this is left alone, for whoever brings it may still be about to tell of it.
    package var minimumAge: Duration = .seconds(60)
    /// How long the steps of a media may stay silent.
    package var stepDeadline: Duration = .seconds(3600)

    package init() {}
}
