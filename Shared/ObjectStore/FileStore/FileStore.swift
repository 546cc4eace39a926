package import NIOCore

/// Objects as files in a directory: the embedded default.
///
/// * `objects/<key>` holds the bytes, with type and entity tag in the file's extended attributes; `multipart/<uploadId>/`
///   the parts of unfinished uploads; `temporary/` what is being written. All three must be on one file system, one that
///   keeps extended attributes (ext4, XFS, Btrfs, ZFS, overlayfs; tmpfs since Linux 6.6; not NFS before 4.2): `check` tells.
/// * Every write goes to a temporary file, is synced, and gets its key by one rename (or link, where the key must be free):
///   a key names a whole object or none, also after a crash.
/// * Entity tags are the first half of the bytes' SHA-256; those of multipart objects come from their parts' tags.
/// * `a` and `a/b` cannot both exist; see `FileTree`.
/// * Cold storage is a directory with a second such tree, `objects/<key>` (see `archive`). Of an archived object the first tree keeps
///   an empty file with type, tag, time and the number of bytes.
/// * `objects/system`, which holds secrets, `multipart` and `temporary` are for the services' own user alone.
package struct FileStore: ObjectStore {
    let place: StorePlace
    let signature: UploadSignature
    let publicURL: String
    package let cold: ColdStorage?
    let coldPlace: StorePlace?

    /// Touches nothing yet: the directory is made at the first use, and a failure to do so is `.unavailable` until it works.
    ///
    /// - Parameters:
    ///   - root: a directory of the store's own.
    ///   - signingKey: the secret behind presigned URLs; all processes that share a store share it.
    ///   - publicURL: where clients reach upload-gateway, which serves the presigned URLs.
    ///   - cold: a directory where originals go, with the folders `objects` and `temporary`; on a file system of the same kind.
    package init(root: String, signingKey: [UInt8], publicURL: String, cold: ColdStorage? = nil) {
        place = StorePlace(root: root)
        self.cold = cold
        coldPlace = cold?.directory.map { StorePlace(root: $0, mayBeMade: false) }
        signature = UploadSignature(key: signingKey)
        self.publicURL = String(publicURL.reversed().drop { $0 == "/" }.reversed())
    }

    package func head(_ key: String) async throws(StoreError) -> ObjectInfo? {
        try ObjectKey.validate(key)
        return try await FileWork.run { () throws(StoreError) in try place.objects().find(key) }
    }

    package func read(_ key: String, range: ByteRange?) async throws(StoreError) -> ObjectContent {
        try ObjectKey.validate(key)
        let stored = try await FileWork.run { () throws(StoreError) in try place.objects().open(key) }
        let size = stored.info.size
        guard stored.info.state.isReadable else { throw Self.archived }
        guard let bytes = range == nil ? 0..<size : range?.resolve(size: size) else {
            throw StoreError(.rangeNotSatisfiable, "the object has \(size) bytes")
        }
        return ObjectContent(info: stored.info, range: bytes, chunks: FileChunks.stream(stored.file, bytes))
    }

    @discardableResult
    package func put(_ key: String, _ bytes: ByteBuffer, contentType: String) async throws(StoreError) -> ObjectInfo {
        try ObjectKey.validate(key)
        try ContentType.validate(contentType)
        return try await FileWork.run { () throws(StoreError) in
            let file = try TemporaryFile(in: place.temporary())
            try file.append(bytes)
            try file.seal(contentType: contentType)
            return try place.objects().publish(file, as: key, replacing: true)
        }
    }

    package func delete(_ key: String) async throws(StoreError) {
        try ObjectKey.validate(key)
        try await FileWork.run { () throws(StoreError) in
            let objects = try place.objects()
            let state = try objects.find(key)?.state ?? .available
            // First, and of others as well: whoever was interrupted may have left a copy that nobody knows of.
            do throws(StoreError) { try coldPlace?.objects().remove(key) } catch {
                guard state == .available else { throw error }
            }
            try objects.remove(key)
        }
    }

    package func list(prefix: String, startAfter: String?, limit: Int) async throws(StoreError) -> [ObjectInfo] {
        try await FileWork.run { () throws(StoreError) in
            try OrderedWalk.list(place.objects(), prefix: prefix, startAfter: startAfter, limit: limit)
        }
    }

    package func tidy() async {
        let roots = [place.root, coldPlace?.root].compactMap(\.self)
        try? await FileWork.run { for root in roots { Leftovers.remove(in: root) } }
    }

    package func check() async throws(StoreError) {
        try await FileWork.run { () throws(StoreError) in
            _ = try place.objects().root()
            try TemporaryFile(in: place.temporary()).probe()
        }
    }

    /// The file of an object, whether it is there or not: for a web server that sends it (`X-Accel-Redirect`). Of one that is archived it
    /// is empty.
    package func path(of key: String) throws(StoreError) -> String {
        try ObjectKey.validate(key)
        return "\(place.root)/objects/\(key)"
    }
}
