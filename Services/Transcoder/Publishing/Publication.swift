import AV
import Events
import FoundationEssentials
import Messaging
import NIOCore
import ObjectStore
import Streaming
import Synchronization

/// What one attempt publishes of an original, below a prefix of its own in the store. Entrances come last.
final class Publication: Sendable {
    let store: any ObjectStore
    let attempt: String
    /// Ends with a slash.
    let prefix: String
    /// Bytes that may still be published: a worker that a stranger's file has taken over minds no limit of its own.
    private let left: Mutex<Int>

    /// Objects that are written at once.
    private static let width = 4

    /// - Parameters:
    ///   - prefix: of all attempts.
    ///   - limit: bytes of all that is published.
    init(store: any ObjectStore, prefix: String, attempt: String, limit: Int) {
        left = Mutex(limit)
        self.store = store
        self.attempt = attempt
        self.prefix = "\(prefix)\(attempt)/"
    }

    /// - Parameter folder: where the stage's files are.
    /// - Returns: the stage's result, with keys.
    func publish(_ stage: Stage, from folder: String) async throws -> TranscodeResult {
        try await putFiles(stage.files, StreamFolder(folder))
        try await putTexts(stage.texts.filter { !$0.isEntrance })
        try await putTexts(stage.texts.filter(\.isEntrance))
        return stage.result.below(prefix)
    }

    private func putFiles(_ names: [String], _ folder: StreamFolder) async throws {
        try await inParallel(names) { [self] name in
            let bytes = try Self.read(name, in: folder)
            try await put(name, ByteBuffer(bytes: bytes))
        }
    }

    /// One after the other, so that an entrance to others comes after them.
    private func putTexts(_ texts: [Stage.Text]) async throws {
        for text in texts { try await put(text.name, ByteBuffer(string: text.text)) }
    }

    // Swift 6.3.1's optimiser crashes when it inlines this.
    @inline(never)
    private func put(_ name: String, _ bytes: ByteBuffer) async throws {
        guard let type = StreamFileType.contentType(of: name), !name.contains("..") else {
            throw Failure.transient("a worker made a file of no known kind")
        }
        let isAllowed = left.withLock { left in
            left -= bytes.readableBytes
            return left >= 0
        }
        guard isAllowed else { throw AVError(.limit, "what is made has more bytes than are allowed") }
        try await store.put(prefix + name, bytes, contentType: type)
    }

    private func inParallel<Item: Sendable>(_ items: [Item], _ body: @escaping @Sendable (Item) async throws -> Void) async throws
    {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for (number, item) in items.enumerated() {
                if number >= Self.width { try await tasks.next() }
                tasks.addTask { try await body(item) }
            }
            try await tasks.waitForAll()
        }
    }

    /// A worker has read a stranger's file: what it has made may be anything, also a link.
    private static func read(_ name: String, in folder: StreamFolder) throws -> [UInt8] {
        do throws(StreamFolder.Failure) { return try folder.read(name, limit: fileLimit) } catch {
            throw Failure.transient("a worker's file \(name): \(error)")
        }
    }

    /// Bytes: of a segment, which is six seconds long, about 80 Mbit/s.
    static let fileLimit = 64 << 20
}
