/// The newest entries of one partition's feed in memory: everything behind `floor`, bounded in number and bytes.
struct FeedRing: Sendable {
    static let maxEntries = 1000
    static let maxBytes = 4 << 20

    private var entries: ArraySlice<FeedEntry> = []
    private var bytes = 0
    /// Entries up to this one are not here (any more).
    private(set) var floor: StreamID

    init(floor: StreamID) { self.floor = floor }

    /// The newest id that was seen.
    var tail: StreamID { entries.last?.id ?? floor }

    mutating func append(_ new: [FeedEntry]) {
        for entry in new where entry.id > tail {
            entries.append(entry)
            bytes += entry.bytes
        }
        while entries.count > Self.maxEntries || bytes > Self.maxBytes, let oldest = entries.popFirst() {
            bytes -= oldest.bytes
            floor = oldest.id
        }
    }

    /// At most `limit` entries behind `id`; nil when some of them are not here, or when `id` was not seen yet.
    func entries(after id: StreamID, limit: Int) -> [FeedEntry]? {
        guard id >= floor, id <= tail else { return nil }
        // Ids rise: a binary search finds the first one behind `id`.
        var (low, high) = (entries.startIndex, entries.endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if entries[middle].id > id { high = middle } else { low = middle + 1 }
        }
        return Array(entries[low...].prefix(limit))
    }
}

extension FeedEntry {
    fileprivate var bytes: Int { 100 + (event?.json.utf8.count ?? 0) }
}
