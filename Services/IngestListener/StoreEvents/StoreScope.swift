import ObjectStore
import S3
import StoreEvents

/// Which part of which bucket is ours.
struct StoreScope: Sendable {
    /// Nil where every bucket is meant: a file store has none.
    let bucket: String?
    /// What all keys of ours begin with in the bucket; empty or ending with `/`.
    let prefix: String

    init(bucket: String? = nil, prefix: String = "") {
        self.bucket = bucket
        self.prefix = prefix
    }

    /// A file store has no bucket: what is told of any may be ours.
    init(_ store: any ObjectStore) {
        let location = (store as? S3Store)?.client.location
        let prefix = location?.prefix ?? ""
        self.init(bucket: location?.bucket, prefix: prefix.isEmpty ? "" : prefix + "/")
    }

    /// The key by our own store's reckoning; nil for what is not ours.
    func key(of event: StoreEvent) -> String? {
        guard bucket == nil || bucket == event.bucket, event.key.utf8.starts(with: prefix.utf8) else { return nil }
        return String(decoding: event.key.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    }
}
