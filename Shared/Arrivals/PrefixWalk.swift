package import ObjectStore

/// Walks through all objects below prefixes, in the order of their keys, page by page. It holds one page in memory.
package struct PrefixWalk: Sendable {
    private let store: any ObjectStore
    private let pageSize: Int
    private var prefixes: [String]
    /// Where to go on another time: the last key that was listed.
    package private(set) var position: String

    /// - Parameter position: of an earlier walk; empty for the beginning.
    package init(_ store: any ObjectStore, _ prefixes: [String], from position: String = "", pageSize: Int = 1000) {
        self.store = store
        self.pageSize = pageSize
        self.position = position
        // One that lies in another one is walked through with it.
        let all = Set(prefixes)
        let outer = all.filter { prefix in !all.contains { $0 != prefix && prefix.utf8.starts(with: $0.utf8) } }
        self.prefixes = outer.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The objects of the next page, which may be none; nil at the end.
    package mutating func next() async throws -> [ObjectInfo]? {
        guard let prefix = prefixes.first else { return nil }
        let page = try await store.list(prefix: prefix, startAfter: position, limit: pageSize)
        position = page.last?.key ?? position
        if page.count < pageSize { prefixes.removeFirst() }
        return page
    }
}
