import Events

/// Where a page of a listing ended: the last media's id, opaque to clients.
enum Cursor {
    static func encode(_ id: MediaID) -> String { id.compact }

    /// - Throws: `CatalogError(.invalidCursor)` for anything that `encode` does not produce.
    static func decode(_ cursor: String?) throws -> MediaID? {
        guard let cursor else { return nil }
        guard let id = MediaID(compact: cursor) else {
            throw CatalogError(.invalidCursor, "the cursor is not one that this listing gave out")
        }
        return id
    }
}
