import Catalog
import Crypto
import Events
import FoundationEssentials
import HTTPServer
import Hummingbird
import ObjectStore

/// Puts pieces together to one media: read from the store, written to the store, with one part in memory.
///
/// The media's id follows from its pieces. So a client that has not heard the answer may ask again: it is told of the media that it has.
struct TusConcatenation: Sendable {
    private static let maxPieces = 1000

    let finder: TusFinder
    let opener: UploadOpener
    let store: any ObjectStore
    let completion: TusCompletion

    /// The pieces that `Upload-Concat: final;…` names, in its order.
    func ids(_ list: String) throws -> [MediaID] {
        let addresses = list.split(separator: " ")
        guard (1...Self.maxPieces).contains(addresses.count) else {
            throw Problem.tusHeader(.uploadConcat, "must name 1 to \(Self.maxPieces) uploads")
        }
        return try addresses.map { address in
            guard let id = address.split(separator: "/").last.flatMap({ MediaID(String($0)) }) else {
                throw Problem.mediaNotFound
            }
            return id
        }
    }

    /// - Parameter file: what the media is declared as, for its size.
    /// - Throws: 403 for pieces of other projects, 404 for unknown ones, 409 `notUploaded` while one is not complete.
    func join(
        _ ids: [MediaID], in project: ProjectID, _ context: MillraceContext, as file: (Int64) throws -> CheckedFile
    ) async throws -> MediaID {
        let id = Self.media(of: ids, in: project)
        guard try await !isDone(id, context) else { return id }
        do {
            let pieces = try await pieces(ids, context)
            let media = try await opener.openForTus(
                try file(pieces.reduce(0) { $0 + $1.size }), as: id, trace: context.trace.span)
            try await join(pieces, into: media, context)
        } catch {
            // The same request before this one may have been slow, not lost.
            guard (try? await isDone(id, context)) == true else { throw error }
        }
        return id
    }

    private static func media(of ids: [MediaID], in project: ProjectID) -> MediaID {
        let digest = SHA256.hash(data: Data(([project.rawValue] + ids.map(\.rawValue)).joined(separator: "\n").utf8))
        return .derived(from: digest, at: ids.map(\.createdAt).max() ?? Date())
    }

    /// Whoever finds all its bytes there completes it.
    private func isDone(_ id: MediaID, _ context: MillraceContext) async throws -> Bool {
        guard try await finder.finder.catalog.entry(id) != nil else { return false }
        guard case .uploading(let media) = try await finder.find(id, context) else { return true }
        guard try await store.head(media.upload.key)?.size == media.size else { return false }
        try await completion.complete(media, context.trace)
        return true
    }

    private func pieces(_ ids: [MediaID], _ context: MillraceContext) async throws -> [TusUpload] {
        var pieces: [TusUpload] = []
        for id in ids {
            guard let piece = try await finder.partials.find(id) else { throw Problem.mediaNotFound }
            guard case .arrived = try await finder.find(id, context) else { throw Problem.notUploaded(missing: nil) }
            pieces.append(piece)
        }
        return pieces
    }

    private func join(_ pieces: [TusUpload], into media: TusUpload, _ context: MillraceContext) async throws {
        // Who was interrupted after the last part has nothing to write.
        if try await TusPosition.of(media.upload, store).offset < media.size {
            var writer = try await TusWriter(media.upload, at: TusPosition(offset: 0, part: 1), store)
            for piece in pieces { try await append(piece, to: &writer) }
        }
        try await completion.complete(media, context.trace)
        for piece in pieces { try await finder.partials.remove(piece) }
    }

    // Not inlined: Swift 6.3.1's optimiser crashes where it is.
    @inline(never)
    private func append(_ piece: TusUpload, to writer: inout TusWriter) async throws {
        let content = try await store.read(piece.upload.key, range: nil)
        var count: Int64 = 0
        for try await bytes in content.chunks {
            count += Int64(bytes.readableBytes)
            try await writer.append(bytes)
        }
        guard count == piece.size else { throw Problem.unavailable("A piece could not be read.") }
    }
}
