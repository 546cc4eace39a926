import FoundationEssentials

/// Objects as files: the key is the path below a directory.
///
/// A file system cannot hold both `a` and `a/b`; the second of the two is refused with `.invalidKey` (or `.alreadyExists`
/// where it had to be new).
struct FileTree: Sendable {
    /// The directory, which exists.
    let path: String

    /// Holds secrets; everything else may be read by whoever the umask allows, for example the web server that sends it.
    static let privateFolder = "system"

    struct Stored: Sendable {
        let file: OpenFile
        let status: FileStatus
        let info: ObjectInfo

        init(_ file: OpenFile, key: String) throws(StoreError) {
            self.file = file
            status = try file.status()
            let attributes = ObjectAttributes(of: file, status)
            var (size, state) = (status.size, StorageState.available)
            switch attributes.cold {
            case .archived(let bytes): (size, state) = (bytes, .archived)
            case .restored(let until): state = .restored(until: until)
            case nil: break
            }
            info = ObjectInfo(
                key: key, size: size, etag: attributes.etag, contentType: attributes.contentType,
                modifiedAt: status.modifiedAt, state: state)
        }
    }

    func open(_ key: String) throws(StoreError) -> Stored {
        do {
            let (folder, name) = try parent(of: key)
            return try Self.open(name, in: folder, key: key)
        } catch  where error.code == .invalidKey {
            throw StoreError(.notFound, "no such object")
        }
    }

    static func open(_ name: String, in folder: Folder, key: String) throws(StoreError) -> Stored {
        let stored = try Stored(folder.open(name), key: key)
        guard stored.status.isFile else { throw StoreError(.notFound, "no such object") }
        return stored
    }

    func find(_ key: String) throws(StoreError) -> ObjectInfo? {
        do { return try open(key).info } catch  where error.code == .notFound { return nil }
    }

    /// Gives a sealed file its key, durably.
    /// - Throws: `.alreadyExists` when the key is taken and `replacing` is false.
    func publish(_ temporary: TemporaryFile, as key: String, replacing: Bool) throws(StoreError) -> ObjectInfo {
        var attempts = 0
        while true {
            do {
                let (folder, name) = try parent(of: key, making: true)
                if replacing {
                    try temporary.folder.rename(temporary.name, to: folder, name)
                } else {
                    try temporary.folder.link(temporary.name, to: folder, name)
                    try? temporary.folder.unlink(temporary.name)
                }
                try folder.sync()
                return try Stored(temporary.file, key: key).info
            } catch  where error.code == .notFound && attempts < 10 {
                attempts += 1  // a deletion took the emptied directory away in between
            }
        }
    }

    /// Puts a sealed file in the place of an object, unless that has been replaced or removed.
    /// - Returns: nil where it has.
    func replace(_ old: Stored, by new: TemporaryFile) throws(StoreError) -> ObjectInfo? {
        let (folder, name) = try parent(of: old.info.key)
        guard let now = try? folder.status(of: name), now.identity == old.status.identity else { return nil }
        try new.folder.rename(new.name, to: folder, name)
        try folder.sync()
        return try Stored(new.file, key: old.info.key).info
    }

    /// Removes an object, and the directories that are empty without it.
    func remove(_ key: String) throws(StoreError) {
        var folders = [try Folder.open(path: path)]
        let names = ObjectKey.components(of: key)
        do {
            for name in names.dropLast() { folders.append(try folders[folders.count - 1].folder(name)) }
            try folders[folders.count - 1].unlink(names[names.count - 1])
            try folders[folders.count - 1].sync()
        } catch  where error.code == .notFound || error.code == .invalidKey { return }
        for level in (1..<folders.count).reversed() {
            guard (try? folders[level - 1].removeFolder(names[level - 1])) != nil else { return }
        }
    }

    private func parent(of key: String, making: Bool = false) throws(StoreError) -> (Folder, name: String) {
        let names = ObjectKey.components(of: key)
        var folder = try root()
        for (level, name) in names.dropLast().enumerated() {
            let isPrivate = level == 0 && name == Self.privateFolder
            folder = making ? try folder.makeFolder(name, isPrivate: isPrivate) : try folder.folder(name)
        }
        return (folder, names[names.count - 1])
    }

    /// A root that went away is an outage, not an empty store.
    func root() throws(StoreError) -> Folder {
        do { return try Folder.open(path: path) } catch {
            throw StoreError(.unavailable, "the store's directory is away: \(error)")
        }
    }
}
