import Glibc

/// An open directory. Everything in it is named relative to it and links are never followed, so that no name leads out.
struct Folder: Sendable {
    private let file: OpenFile
    private static let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC

    static func open(path: String) throws(StoreError) -> Folder {
        Folder(file: OpenFile(owning: try system("open a directory") { Glibc.open(path, flags) }))
    }

    static func make(path: String) throws(StoreError) {
        try system("make a directory") { mkdir(path, 0o755) }
    }

    func folder(_ name: String) throws(StoreError) -> Folder {
        Folder(
            file: OpenFile(
                owning: try system("open a directory") {
                    openat(file.descriptor, name, Self.flags | O_NOFOLLOW)
                }))
    }

    /// Opens a directory and makes it first, durably, where there is none.
    /// - Parameter isPrivate: nobody but the services' own user may look into one that is made.
    func makeFolder(_ name: String, isPrivate: Bool = false) throws(StoreError) -> Folder {
        do { return try folder(name) } catch  where error.code == .notFound {}
        do {
            try system("make a directory") { mkdirat(file.descriptor, name, isPrivate ? 0o700 : 0o755) }
            try sync()
        } catch  where error.code == .alreadyExists {}
        return try folder(name)
    }

    func open(_ name: String) throws(StoreError) -> OpenFile {
        OpenFile(
            owning: try system("open an object") {
                openat(file.descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            })
    }

    func create(_ name: String) throws(StoreError) -> OpenFile {
        OpenFile(
            owning: try system("create a file") {
                openat(file.descriptor, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
            })
    }

    func status(of name: String) throws(StoreError) -> FileStatus {
        var status = stat()
        try system("look at a file") { fstatat(file.descriptor, name, &status, AT_SYMLINK_NOFOLLOW) }
        return FileStatus(status)
    }

    /// Moves a file here, over what has the name.
    func rename(_ old: String, to folder: Folder, _ new: String) throws(StoreError) {
        try system("replace an object") { renameat(file.descriptor, old, folder.file.descriptor, new) }
    }

    /// Gives a file a second name, which must be free: the portable form of `RENAME_NOREPLACE`.
    func link(_ old: String, to folder: Folder, _ new: String) throws(StoreError) {
        try system("create an object") { linkat(file.descriptor, old, folder.file.descriptor, new, 0) }
    }

    func unlink(_ name: String) throws(StoreError) {
        try system("delete") { unlinkat(file.descriptor, name, 0) }
    }

    func removeFolder(_ name: String) throws(StoreError) {
        try system("delete a directory") { unlinkat(file.descriptor, name, AT_REMOVEDIR) }
    }

    func sync() throws(StoreError) { try file.sync() }

    func identity() throws(StoreError) -> FileStatus.Identity { try file.status().identity }

    /// Calls `body` with every name that is UTF-8, in no order.
    func forEachName(_ body: (_ name: String, _ kind: UInt8) throws(StoreError) -> Void) throws(StoreError) {
        let copy = try system("read a directory") { openat(file.descriptor, ".", Self.flags) }
        guard let entries = fdopendir(copy) else {
            close(copy)
            throw StoreError(.unavailable, "cannot read a directory")
        }
        defer { closedir(entries) }
        while let entry = readdir(entries) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
            }
            if let name, name != ".", name != ".." { try body(name, entry.pointee.d_type) }
        }
    }
}
