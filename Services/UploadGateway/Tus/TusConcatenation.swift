import Events
import FoundationEssentials
import HTTPServer
import Hummingbird
import ObjectStore

/// Puts pieces together to one upload: read from the store, written to the store, with one part in memory.
struct TusConcatenation: Sendable {
    private static let maxPieces = 1000

    let finder: TusFinder
    let store: any ObjectStore
    let turns: TusTurns
    let completion: TusCompletion

    /// The pieces that `Upload-Concat: final;…` names, in its order.
    /// - Throws: 403 for those of other projects, 404 for unknown ones, 409 `notUploaded` while one is not complete.
    func pieces(_ list: String, _ context: MillraceContext) async throws -> [TusUpload] {
        let addresses = list.split(separator: " ")
        guard (1...Self.maxPieces).contains(addresses.count) else {
            throw Problem.tusHeader(.uploadConcat, "must name 1 to \(Self.maxPieces) uploads")
        }
        var pieces: [TusUpload] = []
        for address in addresses {
            guard let id = address.split(separator: "/").last.flatMap({ MediaID(String($0)) }),
                let piece = try await finder.partials.find(id)
            else { throw Problem.mediaNotFound }
            guard case .arrived = try await finder.find(id, context) else { throw Problem.notUploaded(missing: nil) }
            pieces.append(piece)
        }
        return pieces
    }

    func join(_ pieces: [TusUpload], into media: TusUpload, _ context: MillraceContext) async throws {
        let turn = turns.begin(media.id)
        defer { turns.end(turn) }
        var writer = try await TusWriter(media.upload, at: TusPosition(offset: 0, part: 1), store) { [turns] in
            turns.isCurrent(turn)
        }
        for piece in pieces { try await append(piece, to: &writer) }
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
