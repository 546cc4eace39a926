import Synchronization

/// A file store's directories, made once at the first use that succeeds.
final class StorePlace: Sendable {
    let root: String
    private let isPrepared = Mutex(false)

    init(root: String) { self.root = root }

    func objects() throws(StoreError) -> FileTree { try tree("objects") }
    func multipart() throws(StoreError) -> FileTree { try tree("multipart") }
    func temporary() throws(StoreError) -> Folder { try tree("temporary").root() }

    private func tree(_ name: String) throws(StoreError) -> FileTree {
        try isPrepared.withLock { (isPrepared) throws(StoreError) in
            guard !isPrepared else { return }
            try makeFolders()
            isPrepared = true
        }
        return FileTree(path: "\(root)/\(name)")
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
