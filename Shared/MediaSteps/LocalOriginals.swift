package import AV
package import Events
import FoundationEssentials
import Glibc
package import Messaging
package import ObjectStore
import Sandbox

/// Brings originals to where workers can read them.
package struct LocalOriginals: Sendable {
    package let settings: MediaSettings
    package let store: any ObjectStore

    package init(store: any ObjectStore, settings: MediaSettings) {
        self.store = store
        self.settings = settings
    }

    private var directories: WorkingDirectories { WorkingDirectories(base: settings.directory) }

    /// Removes what services that died have left behind; for the start.
    package func sweep() { directories.sweep() }

    /// For a step: what `body` makes of the event's original. Its directory is removed afterwards: no worker may live in it any
    /// more.
    /// - Throws: `StoreError`; `Failure`, judged, for all that is about films and sounds.
    package func work<Answer: Sendable>(
        on event: MediaIngested, _ body: (LocalOriginal) async throws -> Answer
    ) async throws -> Answer {
        guard let container = Container(event.format) else {
            throw Failure.permanent(MediaError(.unsupportedMediaType, "This kind of file is not supported."))
        }
        do {
            return try await directories.with { directory in
                let path = try await file(of: event, in: directory)
                return try await body(LocalOriginal(path: path, container: container, directory: directory))
            }
        } catch let error as AVError {
            throw Failure(judging: error)
        } catch let error as WorkerError {
            throw Failure(judging: error)
        }
    }

    /// Where the store's objects are files, that file; else a copy.
    private func file(of event: MediaIngested, in directory: String) async throws -> String {
        guard let info = try await store.head(event.key) else { throw StoreError(.notFound, "there is no such object") }
        try check(info, event)
        if let files = store as? FileStore {
            guard info.state.isReadable else { throw StoreError(.archived, "the original is in cold storage") }
            return URL(filePath: try files.path(of: event.key)).absoluteURL.path
        }
        let content = try await store.read(event.key, range: nil)
        try check(content.info, event)
        let path = "\(directory)/original"
        try await OriginalCopy(content).write(to: path)
        return path
    }

    private func check(_ info: ObjectInfo, _ event: MediaIngested) throws(Failure) {
        guard info.etag == event.etag else {
            throw .permanent(MediaError(.originalChanged, "The original was replaced while it was in work."))
        }
        guard info.size <= settings.maxBytes else {
            throw .permanent(MediaError(.limitExceeded, "The original has more bytes than are allowed."))
        }
    }
}

/// An original as a file, and a directory for as long as it is in work.
package struct LocalOriginal: Sendable {
    package let path: String
    package let container: Container
    package let directory: String

    /// A folder for a worker to live in. It may become its worker's: the directory above stays ours, so that it can be swept.
    package func makeFolder(_ name: String) throws(Failure) -> String {
        let path = "\(directory)/\(name)"
        guard mkdir(path, 0o700) == 0 else { throw .system("no folder for a worker", errno) }
        return path
    }
}
