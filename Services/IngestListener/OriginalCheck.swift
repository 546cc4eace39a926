import Events
import Messaging
import NIOCore
import ObjectStore

/// Looks at an original: is it there, is it as large as declared, what is it by its bytes.
struct OriginalCheck: Sendable {
    enum Verdict: Sendable {
        case accepted(MediaIngested)
        case refused(MediaError)
    }

    /// A store may show an object a moment after it has said that it took it.
    static let attemptsUntilMissing = 4

    let store: any ObjectStore
    let allowed: [MediaFormat]

    /// - Throws: `Failure`; transient while the store is away or the object may still appear.
    func run(_ event: MediaUploaded, attempt: Int) async throws(Failure) -> Verdict {
        try checkKey(event)
        guard let info = try await judged({ () throws(StoreError) in try await store.head(event.key) }) else {
            guard attempt >= Self.attemptsUntilMissing else { throw .transient("the original is not there (yet)") }
            return refused(.originalMissing, "The original is not in the object store.")
        }
        guard info.size > 0 else { return refused(.emptyFile, "The file is empty.") }
        guard info.size == event.size else {
            return refused(.sizeMismatch, "The file has \(info.size) bytes, \(event.size) were declared.")
        }
        let type = FileType.recognise(try await prefix(of: event.key))
        guard let format = type.format, allowed.contains(format) else {
            return refused(.unsupportedMediaType, "The file is \(type.name); \(allowedNames) can be processed.")
        }
        return .accepted(ingested(event, info, format))
    }

    private func ingested(_ event: MediaUploaded, _ info: ObjectInfo, _ format: MediaFormat) -> MediaIngested {
        MediaIngested(
            mediaId: event.mediaId, projectId: event.projectId, key: event.key, size: info.size, etag: info.etag,
            kind: format.kind, format: format, fileName: event.fileName, plan: format.kind.plan)
    }

    /// A forged event must not make the services read another media's original.
    private func checkKey(_ event: MediaUploaded) throws(Failure) {
        guard let (keys, place) = MediaKeys.parse(event.key), place == .original, keys.mediaId == event.mediaId,
            keys.projectId == event.projectId
        else { throw .permanent("the key is not that of this media's original") }
    }

    private func prefix(of key: String) async throws(Failure) -> [UInt8] {
        let range = ByteRange.from(0, through: Int64(FileType.prefixLength - 1))
        let content = try await judged { () throws(StoreError) in try await store.read(key, range: range) }
        var bytes: [UInt8] = []
        do {
            for try await chunk in content.chunks { bytes += chunk.readableBytesView.prefix(FileType.prefixLength - bytes.count) }
        } catch { throw .transient("reading the original: \(error)") }
        return bytes
    }

    private func refused(_ code: MediaError.Code, _ message: String) -> Verdict {
        .refused(MediaError(code, message, step: .ingest))
    }

    private var allowedNames: String {
        let names = allowed.map(\.displayName).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return allowed.isEmpty ? "nothing" : "only " + names.joined(separator: ", ")
    }

    private func judged<T: Sendable>(_ work: () async throws(StoreError) -> T) async throws(Failure) -> T {
        do { return try await work() } catch {
            if error.code == .archived {
                throw .permanent(MediaError(.originalArchived, "The original is in cold storage; restore it first."))
            }
            if error.isTransient || error.code == .notFound { throw .transient("object store: \(error.description)") }
            throw .permanent("object store: \(error.description)")
        }
    }
}
