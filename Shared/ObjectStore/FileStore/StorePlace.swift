import Synchronization

/// A file store's directories, made once at the first use that succeeds; those of cold storage never, because a disk that is not mounted
/// would look like one that is empty.
final class StorePlace: Sendable {
    let root: String
    private let mayBeMade: Bool
    private let isPrepared = Mutex(false)

    init(root: String, mayBeMade: Bool = true) { (self.root, self.mayBeMade) = (root, mayBeMade) }

    func objects() throws(StoreError) -> FileTree { try tree("objects") }
    func multipart() throws(StoreError) -> FileTree { try tree("multipart") }
    func temporary() throws(StoreError) -> Folder { try tree("temporary").root() }

    private func tree(_ name: String) throws(StoreError) -> FileTree {
        guard mayBeMade else { return try present(name) }
        try isPrepared.withLock { (isPrepared) throws(StoreError) in
            guard !isPrepared else { return }
            try makeFolders()
            isPrepared = true
        }
        return FileTree(path: "\(root)/\(name)")
    }

    private func present(_ name: String) throws(StoreError) -> FileTree {
        let tree = FileTree(path: "\(root)/\(name)")
        do { _ = try tree.root() } catch {
            throw StoreError(
                .unavailable, "\(root) is not mounted, or its folders objects and temporary were never made: \(error)")
        }
        return tree
    }

    private func makeFolders() throws(StoreError) {
        do {
            let folder = try Self.makeFolder(path: root)
            _ = try folder.makeFolder("objects")
            for name in ["multipart", "temporary"] { _ = try folder.makeFolder(name, isPrivate: true) }
        } catch {
            throw StoreError(.unavailable, "the store's directory \(root) cannot be made: \(error)")
        }
    }

    /// The root itself may lie behind links and `..`: it is the operator's word.
    private static func makeFolder(path: String) throws(StoreError) -> Folder {
        do { return try Folder.open(path: path) } catch  where error.code == .notFound {}
        var parent = path[...]
        while parent.last == "/" { parent.removeLast() }
        while let last = parent.last, last != "/" { parent.removeLast() }
        if !parent.isEmpty { _ = try makeFolder(path: String(parent)) }
        do { try Folder.make(path: path) } catch  where error.code == .alreadyExists {}
        return try Folder.open(path: path)
    }
}
