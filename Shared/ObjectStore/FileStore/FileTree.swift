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
        let info: ObjectInfo
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
        let file = try folder.open(name)
        let status = try file.status()
        guard status.isFile else { throw StoreError(.notFound, "no such object") }
        let attributes = ObjectAttributes(of: file, status)
        let info = ObjectInfo(
            key: key, size: status.size, etag: attributes.etag, contentType: attributes.contentType,
            modifiedAt: status.modifiedAt)
        return Stored(file: file, info: info)
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
                return try info(of: temporary, key)
            } catch  where error.code == .notFound && attempts < 10 {
                attempts += 1  // a deletion took the emptied directory away in between
            }
        }
    }

    private func info(of temporary: TemporaryFile, _ key: String) throws(StoreError) -> ObjectInfo {
        let status = try temporary.file.status()
        let attributes = ObjectAttributes(of: temporary.file, status)
        return ObjectInfo(
            key: key, size: status.size, etag: attributes.etag, contentType: attributes.contentType,
            modifiedAt: status.modifiedAt)
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
