import Events
package import ObjectStore

/// Walks through all media of a store in the order of their keys, page by page. It holds one page in memory.
package struct StoreWalk: Sendable {
    private let store: any ObjectStore
    private let pageSize: Int
    /// The last key that was listed.
    private var listed: String
    /// Where to go on another time: the last key of the last media that was handed out whole.
    package private(set) var position: String
    /// The media at a page's end: the next page may have more of it.
    private var open: (media: StoredMedia, lastKey: String)?
    private var isAtEnd = false

    /// - Parameters:
    ///   - position: of an earlier walk; empty for the beginning.
    ///   - pageSize: how many objects, of which a media has about six, are listed at once.
    package init(_ store: any ObjectStore, from position: String = "", pageSize: Int = 10_000) {
        self.store = store
        self.pageSize = pageSize
        self.position = position
        listed = position
    }

    /// The media of the next page, which may be none; nil at the end.
    package mutating func next() async throws -> [StoredMedia]? {
        guard !isAtEnd else { return nil }
        let page = try await store.list(prefix: "projects/", startAfter: listed, limit: pageSize)
        var whole: [StoredMedia] = []
        for object in page { if let media = add(object) { whole.append(media) } }
        listed = page.last?.key ?? listed
        isAtEnd = page.count < pageSize
        if isAtEnd, let media = close() { whole.append(media) }
        return whole
    }

    /// - Returns: the media before, when a new one begins.
    private mutating func add(_ object: ObjectInfo) -> StoredMedia? {
        guard let (keys, place) = MediaKeys.parse(object.key) else { return nil }
        let whole = open?.media.keys == keys ? nil : close()
        var media = open?.media ?? StoredMedia(keys)
        switch place {
        case .original: media.original = object
        case .manifest: media.hasManifest = true
        case .derived: break
        }
        open = (media, object.key)
        return whole
    }

    private mutating func close() -> StoredMedia? {
        defer { open = nil }
        if let open { position = open.lastKey }
        return open?.media
    }
}
