/// Where originals go that nobody has needed for long, and when.
package struct ColdStorage: Sendable, Hashable {
    package enum Place: Sendable, Hashable {
        /// A storage class of the bucket's, for example `GLACIER`.
        case storageClass(String)
        /// A directory, which plays the class for a file store.
        case directory(String)
    }

    package let place: Place
    /// Older originals go.
    package let after: Duration
    /// How long one that came back can be read.
    package let restoredFor: Duration
    /// How long bytes stay beside their copy in a directory, for who was about to open them.
    package let settling: Duration

    package init(
        _ place: Place, after: Duration = .seconds(90 * 86_400), restoredFor: Duration = .seconds(7 * 86_400),
        settling: Duration? = nil
    ) {
        self.place = place
        self.after = after
        self.restoredFor = restoredFor
        self.settling = settling ?? min(.seconds(600), after)
    }

    /// What is smaller, in bytes, stays: cold storage asks more for such an object than it saves. (AWS's rules leave them as well.)
    package static let smallest: Int64 = 128 << 10

    package var storageClass: String? {
        guard case .storageClass(let name) = place else { return nil }
        return name
    }

    var directory: String? {
        guard case .directory(let path) = place else { return nil }
        return path
    }
}
