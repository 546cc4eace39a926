package import Catalog
package import Events
package import Messaging
package import ObjectStore
import Recovery

/// What becomes of an object that has arrived in the store, whoever tells of it: an event, a listing, an operator. Safe to repeat and to
/// run in many places at once: the store says what is there, and every change is one commit that expects that nobody was faster.
package struct Arrivals: Sendable {
    static let rounds = 20

    let catalog: Catalog
    let bus: any Bus
    let store: any ObjectStore
    let recovery: Recovery
    let secret: IngestSecret
    let copies = SharedWork<ObjectInfo>()
    /// The service, for the events that follow.
    let source: String
    let prefixes: [IngestPrefix]

    /// - Parameters:
    ///   - prefixes: where objects of other tools become media.
    ///   - stepDeadline: how long the steps of a media may stay silent.
    ///   - isReadOnly: nothing is to be begun, so nothing is to be written either.
    package init(
        catalog: Catalog, bus: any Bus, store: any ObjectStore, source: String, stepDeadline: Duration,
        prefixes: [IngestPrefix] = [], isReadOnly: Bool = false
    ) {
        self.catalog = catalog
        self.bus = bus
        self.store = store
        secret = IngestSecret(store: store, mayBeMade: !isReadOnly)
        self.source = source
        self.prefixes = prefixes
        var rules = RecoveryRules()
        rules.stepDeadline = stepDeadline
        recovery = Recovery(catalog: catalog, bus: bus, store: store, source: source, rules: rules)
    }

    package enum Outcome: Sendable, Hashable {
        /// The media's work has begun with this.
        case begun(MediaKeys)
        /// Nothing new: it was heard of before.
        case known(MediaKeys)
        /// It lies where nobody asked for it.
        case foreign
        /// There is no such object (any more).
        case gone
        /// The bytes are not those that were announced: another size.
        case unfit(MediaKeys)
        /// It belonged to an upload that was given up, and was removed.
        case removed(MediaKeys)
    }

    /// Something has been written at `key`.
    /// - Parameter trace: of who tells of it, for a media that has none.
    /// - Throws: what may pass (Redis or the store is away), and `CatalogError` for a record that cannot be read.
    package func arrived(_ key: String, trace: TraceParent = .random()) async throws -> Outcome {
        guard ObjectKey.isValid(key) else { return .foreign }
        if let (keys, place) = MediaKeys.parse(key) {
            return place == .original ? try await original(keys, key, trace) : .foreign
        }
        guard let project = IngestPrefix.project(of: key, in: prefixes) else { return .foreign }
        guard let object = try await store.head(key) else { return .gone }
        return try await ingest(object, into: project)
    }
}
