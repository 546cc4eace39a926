package import FoundationEssentials

/// Whether an object's bytes can be had.
package enum StorageState: Sendable, Hashable {
    case available
    /// In cold storage, until `ObjectStore.restore` brings it back.
    case archived
    /// On its way back, which may take hours.
    case restoring
    /// Back, until the store takes it away again.
    case restored(until: Date)

    package var isReadable: Bool { self != .archived && self != .restoring }
}
