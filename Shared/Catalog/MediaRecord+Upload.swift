package import Events
package import FoundationEssentials
package import Messaging

extension MediaRecord {
    /// A media that is about to be uploaded: status `uploading`, revision 1.
    ///
    /// - Parameters:
    ///   - size: bytes, as declared.
    ///   - deadline: when the upload counts as abandoned.
    ///   - context: its version is 0.
    package static func create(
        _ keys: MediaKeys, fileName: String, contentType: String, size: Int64, upload: UploadSession? = nil, deadline: Date,
        _ context: TransitionContext
    ) throws -> Transition {
        let record = MediaRecord(
            mediaId: keys.mediaId, projectId: keys.projectId, key: keys.original(fileName: fileName), fileName: fileName,
            contentType: contentType, size: size, upload: upload, status: .uploading, revision: 1, changedAt: context.now,
            createdAt: keys.mediaId.createdAt, deadline: deadline.wholeMilliseconds, trace: context.trace)
        return try record.transition(from: nil, context, context.announce(record))
    }

    /// The original has arrived: status `uploaded`, and `media.uploaded` goes out with it.
    ///
    /// - Parameter stepDeadline: how long the steps may stay silent from now on.
    /// - Returns: nil when this was known already.
    package func uploaded(stepDeadline: Duration, _ context: TransitionContext) throws -> Transition? {
        guard status == .uploading, outcome == nil else { return nil }
        var next = entering(.uploaded, at: context.now)
        next.upload = nil
        next.uploadedAt = context.now
        next.deadline = context.now.advanced(by: stepDeadline)
        let event = MediaUploaded(
            mediaId: mediaId, projectId: projectId, key: key, size: size, contentType: contentType, fileName: fileName)
        let uploaded = try Output(context.envelope(event, "uploaded"))
        return try next.transition(from: self, context, context.announce(next) + [uploaded])
    }

    /// The media is given up by its owner. A tombstone stays for longer than any presigned URL lives, so that
    /// neither late events nor late bytes bring it back to life.
    package func deleted(_ context: TransitionContext) -> Commit {
        let tombstone = StateChange.put(
            key: CatalogKeys.media(mediaId), value: CatalogEntry.tombstone, expecting: context.version,
            lifetime: .seconds(8 * 86_400))
        let deadline = StateChange.removeFromIndex(CatalogKeys.deadlines, member: mediaId.compact)
        return Commit(mediaId, changes: [tombstone, deadline] + moved(from: status, to: nil))
    }
}
