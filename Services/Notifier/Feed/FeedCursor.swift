/// How far a listener has read: the last id of each partition's feed. As text, with commas between, it is the `id:` of a
/// server-sent event, and what the listener hands back as `Last-Event-ID`. Any replica understands it.
struct FeedCursor: Hashable, Sendable, CustomStringConvertible {
    private(set) var ids: [StreamID]

    init(_ ids: [StreamID]) { self.ids = ids }

    /// Nil unless `text` has one id for each of so many partitions.
    init?(_ text: String, partitions: Int) {
        let parts = text.split(separator: ",", maxSplits: partitions, omittingEmptySubsequences: false)
        let ids = parts.compactMap { StreamID($0) }
        guard parts.count == partitions, ids.count == partitions else { return nil }
        self.ids = ids
    }

    subscript(partition: Int) -> StreamID {
        get { ids[partition] }
        set { ids[partition] = newValue }
    }

    var description: String { ids.map(\.description).joined(separator: ",") }
}
