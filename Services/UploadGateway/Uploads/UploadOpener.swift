import Catalog
import Events
import FoundationEssentials
import HTTPServer
import Messaging
import ObjectStore

/// Begins uploads: a session in the store where it comes in parts, and a record in the catalog.
struct UploadOpener: Sendable {
    let bus: any Bus
    let store: any ObjectStore
    let catalog: Catalog
    let settings: Settings

    /// Decides what a presign request gets; no record knows of it yet.
    func ticket(for files: [CheckedFile]) async throws -> UploadTicket {
        let slots = try await inOrder(files) { file in
            let mediaId = MediaID.generate()
            return UploadTicket.Slot(mediaId: mediaId, session: try await session(file, mediaId))
        }
        return UploadTicket(slots: slots, expiresAt: .expiry(after: settings.urlLifetime))
    }

    /// Forgets a ticket that nobody got.
    func discard(_ ticket: UploadTicket, for files: [CheckedFile]) async throws {
        for (file, slot) in zip(files, ticket.slots) {
            guard let session = slot.session else { continue }
            try await store.abortMultipart(Upload(file, slot).key, uploadId: session.uploadId)
        }
    }

    /// Makes the media's record, unless an earlier request with this ticket has made it.
    func open(_ file: CheckedFile, _ slot: UploadTicket.Slot, trace: TraceParent) async throws -> Upload {
        let declared = file.declared
        let keys = MediaKeys(projectId: file.project, mediaId: slot.mediaId)
        let deadline = Date().addingTimeInterval(settings.uploadDeadline / .seconds(1))
        let created = try MediaRecord.create(
            keys, fileName: declared.fileName, contentType: declared.contentType, size: declared.size,
            upload: slot.session, deadline: deadline, TransitionContext(version: 0, source: serviceName, trace: trace))
        let lane = try await catalog.lane(of: keys, entering: [.uploading])
        _ = try await bus.commit(created.commit.inLane(lane))
        return Upload(file, slot)
    }

    /// Begins an upload in parts of a size that the client's protocol wants.
    func open(
        _ file: CheckedFile, as mediaId: MediaID = .generate(), partSize: Int64, trace: TraceParent
    ) async throws -> Upload {
        let declared = file.declared
        let key = MediaKeys(projectId: file.project, mediaId: mediaId).original(fileName: declared.fileName)
        let uploadId = try await store.beginMultipart(key, contentType: declared.contentType)
        let session = UploadSession(uploadId: uploadId, partSize: partSize)
        return try await open(file, .init(mediaId: mediaId, session: session), trace: trace)
    }

    /// The same for an id that an earlier request may have begun: its upload is gone on with, then.
    func resume(_ file: CheckedFile, as mediaId: MediaID, partSize: Int64, trace: TraceParent) async throws -> Upload {
        if let known = try await uploading(mediaId) { return known }
        let begun = try await open(file, as: mediaId, partSize: partSize, trace: trace)
        // Of two at once one has made the record.
        let recorded = try await uploading(mediaId)
        if let mine = begun.session, mine != recorded?.session {
            try await store.abortMultipart(begun.key, uploadId: mine.uploadId)
        }
        guard let recorded else { throw Problem.uploadClosed }
        return recorded
    }

    private func uploading(_ id: MediaID) async throws -> Upload? {
        guard case .inFlight(let record) = try await catalog.entry(id)?.entry, record.status == .uploading,
            record.outcome == nil
        else { return nil }
        return Upload(record)
    }

    private func session(_ file: CheckedFile, _ mediaId: MediaID) async throws -> UploadSession? {
        let declared = file.declared
        guard declared.multipart ?? (declared.size > settings.multipartThreshold) else { return nil }
        let layout = PartLayout(size: declared.size, atLeast: settings.partSize)
        let key = MediaKeys(projectId: file.project, mediaId: mediaId).original(fileName: declared.fileName)
        let uploadId = try await store.beginMultipart(key, contentType: declared.contentType)
        return UploadSession(uploadId: uploadId, partSize: layout.partSize)
    }
}
