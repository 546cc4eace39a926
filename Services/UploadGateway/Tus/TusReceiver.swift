import Events
import HTTPServer
import HTTPTypes
import Hummingbird
import NIOCore
import ObjectStore

/// Takes a chunk of an upload, all of it or as much as comes.
struct TusReceiver: Sendable {
    let store: any ObjectStore
    let completion: TusCompletion

    /// - Parameter expected: the offset that the client believes in.
    /// - Returns: the offset behind the chunk. With the last byte the upload is complete.
    /// - Throws: 409 `wrongOffset`, 460 `wrongChecksum`, 413; what was received before a connection broke is kept.
    func receive(_ request: Request, for upload: TusUpload, at expected: Int64, _ context: MillraceContext) async throws -> Int64
    {
        let position = try await TusPosition.of(upload.upload, store)
        guard position.offset == expected else { throw Problem.wrongOffset(position.offset) }
        let checksum = try TusChecksum(request.headers[.uploadChecksum])
        try await context.askForBody(of: request)
        var offset = position.offset
        var writer = try await TusWriter(upload.upload, at: position, store)
        try await writer.writeFullPart()
        if offset < upload.size {
            if let checksum {
                let chunk = try await request.body.collect(upTo: TusProtocol.maxCheckedChunk)
                guard checksum.fits(chunk.readableBytesView) else { throw Problem.wrongChecksum }
                try await writer.append(chunk)
                try await writer.flush()
            } else {
                try await Self.take(request.body, &writer)
            }
            offset = writer.position.offset
        }
        if offset == upload.size { try await completion.complete(upload, context.trace) }
        return offset
    }

    /// Ends an upload whose bytes have all come, but whose last part or completion the store or the bus refused then.
    ///
    /// Safe to repeat, and to run while the last chunk's request does the same.
    func complete(_ upload: TusUpload, at position: TusPosition, _ context: MillraceContext) async throws {
        var writer = try await TusWriter(upload.upload, at: position, store)
        try await writer.writeFullPart()
        try await completion.complete(upload, context.trace)
    }

    private static func take(_ body: RequestBody, _ writer: inout TusWriter) async throws {
        do {
            for try await bytes in body { try await writer.append(bytes) }
        } catch {
            // The client went away, and this task may be cancelled with it; what it sent is kept for when it comes again.
            let last = writer
            try? await Task {
                var writer = last
                try await writer.flush()
            }.value
            throw error
        }
        try await writer.flush()
    }
}
