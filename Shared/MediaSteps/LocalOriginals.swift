package import AV
package import Events
import FoundationEssentials
import Glibc
import Messaging
import NIOCore
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

    /// For a step: what `body` makes of the event's original. Its folder is removed afterwards.
    /// - Throws: `StoreError`; `Failure`, judged, for all that is about films and sounds.
    package func work<Answer: Sendable>(
        on event: MediaIngested, _ body: (LocalOriginal) async throws -> Answer
    ) async throws -> Answer {
        guard let container = Container(event.format) else {
            throw Failure.permanent(MediaError(.unsupportedMediaType, "This kind of file is not supported."))
        }
        do {
            return try await withWorkingDirectory(below: settings.directory) { directory in
                let path = try await file(of: event.key, in: directory)
                return try await body(LocalOriginal(path: path, container: container, directory: directory))
            }
        } catch let error as AVError {
            throw Failure(judging: error)
        } catch let error as WorkerError {
            throw Failure(judging: error)
        }
    }

    /// Where the store's objects are files, that file; else a copy.
    private func file(of key: String, in directory: String) async throws -> String {
        guard let info = try await store.head(key) else { throw StoreError(.notFound, "there is no such object") }
        guard info.size <= settings.maxBytes else {
            throw StoreError(.tooLarge, "the object has \(info.size) bytes, \(settings.maxBytes) are allowed")
        }
        if let files = store as? FileStore { return URL(filePath: try files.path(of: key)).absoluteURL.path }
        return try await copy(key, to: "\(directory)/original")
    }

    private func copy(_ key: String, to path: String) async throws -> String {
        let content = try await store.read(key, range: nil)
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Failure.transient("the original cannot be copied: error \(errno)") }
        defer { close(file) }
        var count: Int64 = 0
        for try await chunk in content.chunks {
            let written = chunk.withUnsafeReadableBytes { write(file, $0.baseAddress, $0.count) }
            // A full disk may be empty again.
            guard written == chunk.readableBytes else { throw Failure.transient("the original cannot be copied: error \(errno)") }
            count += Int64(written)
        }
        guard count == content.info.size else { throw StoreError(.unavailable, "reading was cut short at byte \(count)") }
        return path
    }
}

/// An original as a file, and the folder of the worker that is to read it.
package struct LocalOriginal: Sendable {
    package let path: String
    package let container: Container
    package let directory: String
}
