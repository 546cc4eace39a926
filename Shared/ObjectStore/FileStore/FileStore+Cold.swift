import FoundationEssentials

extension FileStore {
    /// In two calls. The first one copies the bytes to the cold directory and says that they are there; from then on nobody is given them
    /// any more. The second one, `ColdStorage.settling` later, takes them from here: a web server that was sent to the file just before
    /// has opened it by then, and reads on. Each step is one rename or one attribute, so a crash costs no more than the repetition.
    package func archive(_ object: ObjectInfo) async throws(StoreError) {
        let key = object.key
        try ObjectKey.validate(key)
        let (cold, hot) = try await FileWork.run { () throws(StoreError) in (try coldTrees(), try place.objects().open(key)) }
        switch hot.info.state {
        case .archived where hot.status.size > 0 && hot.status.changedAt <= settled:
            try await FileWork.run { () throws(StoreError) in try empty(hot, cold.objects) }
        case .restored(let until) where until <= Date(): try await mark(hot, .archived(size: hot.info.size))
        case .available:
            try await keep(hot, cold)
            try await mark(hot, .archived(size: hot.info.size))
        default: break
        }
    }

    /// The cold directory keeps its copy, so that nothing has to be copied when these bytes go again.
    package func restore(_ key: String) async throws(StoreError) -> ObjectInfo {
        try ObjectKey.validate(key)
        let hot = try await FileWork.run { () throws(StoreError) in try place.objects().open(key) }
        let restored = ColdMark.restored(until: Date().addingTimeInterval((cold?.restoredFor ?? .zero) / .seconds(1)))
        switch hot.info.state {
        case .available, .restoring: return hot.info
        case .restored: try await mark(hot, restored)
        case .archived: try await bringBack(hot, restored)
        }
        return try await FileWork.run { () throws(StoreError) in try place.objects().open(key).info }
    }

    /// What was marked before is no longer about to be opened by anybody.
    private var settled: Date { Date(timeIntervalSinceNow: -((cold?.settling ?? .zero) / .seconds(1))) }

    static var archived: StoreError { StoreError(.archived, "the object is in cold storage") }

    private struct ColdTrees: Sendable {
        let objects: FileTree
        let temporary: Folder
    }

    /// - Throws: `.invalidRequest` where there is none, or where it is the store itself: a copy would be the thing copied.
    private func coldTrees() throws(StoreError) -> ColdTrees {
        guard let coldPlace else { throw StoreError(.invalidRequest, "there is no cold directory") }
        let trees = ColdTrees(objects: try coldPlace.objects(), temporary: try coldPlace.temporary())
        guard try trees.objects.root().identity() != place.objects().root().identity() else {
            throw StoreError(.invalidRequest, "the cold directory is the store's own")
        }
        return trees
    }

    private func keep(_ hot: FileTree.Stored, _ cold: ColdTrees) async throws(StoreError) {
        let file = try await FileWork.run { () throws(StoreError) in try TemporaryFile(in: cold.temporary) }
        try await Self.copy(hot, to: file)
        try await FileWork.run { () throws(StoreError) in
            try file.seal(contentType: hot.info.contentType, etag: hot.info.etag)
            try file.setTime(hot.status)
            _ = try cold.objects.publish(file, as: hot.info.key, replacing: true)
        }
    }

    private func mark(_ hot: FileTree.Stored, _ mark: ColdMark) async throws(StoreError) {
        try await FileWork.run { () throws(StoreError) in
            try hot.attributes(mark).write(to: hot.file)
            try hot.file.sync()
        }
    }

    /// Of bytes that are here still the copy is made here: marking these would race with whoever takes them away.
    private func bringBack(_ hot: FileTree.Stored, _ mark: ColdMark) async throws(StoreError) {
        let (source, file) = try await FileWork.run { () throws(StoreError) in
            let isHere = hot.status.size == hot.info.size
            return (isHere ? hot : try Self.copy(of: hot, in: try coldTrees().objects), try TemporaryFile(in: place.temporary()))
        }
        try await Self.copy(source, to: file)
        try await FileWork.run { () throws(StoreError) in
            try file.seal(hot.attributes(mark))
            try file.setTime(hot.status)
            _ = try place.objects().replace(hot, by: file)
        }
    }

    private func empty(_ hot: FileTree.Stored, _ cold: FileTree) throws(StoreError) {
        _ = try Self.copy(of: hot, in: cold)
        let stub = try TemporaryFile(in: place.temporary())
        try stub.seal(hot.attributes(.archived(size: hot.info.size)))
        try stub.setTime(hot.status)
        _ = try place.objects().replace(hot, by: stub)
    }

    /// - Throws: `.unavailable` where the cold directory does not hold these very bytes: somebody must look after it.
    private static func copy(of hot: FileTree.Stored, in cold: FileTree) throws(StoreError) -> FileTree.Stored {
        guard let kept = try? cold.open(hot.info.key), kept.info.size == hot.info.size, kept.info.etag == hot.info.etag else {
            throw StoreError(.unavailable, "the cold directory does not have the bytes of \(hot.info.key)")
        }
        return kept
    }
}

extension FileTree.Stored {
    fileprivate func attributes(_ mark: ColdMark) -> ObjectAttributes {
        ObjectAttributes(etag: info.etag, contentType: info.contentType, cold: mark)
    }
}
