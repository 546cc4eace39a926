package import Events
package import ObjectStore

/// A media as far as the store's listing tells.
package struct StoredMedia: Sendable, Hashable {
    package let keys: MediaKeys
    package internal(set) var original: ObjectInfo?
    package internal(set) var hasManifest = false

    init(_ keys: MediaKeys) { self.keys = keys }
}
