import Events
import FoundationEssentials
import Messaging

extension MediaRecord {
    /// The changes that replace `old` by this record: the record itself, its place in the listing, its deadline.
    func stored(replacing old: MediaRecord?, _ context: TransitionContext) throws -> [StateChange] {
        let value = String(decoding: try EventCoding.encode(self), as: UTF8.self)
        var changes = [StateChange.put(key: CatalogKeys.media(mediaId), value: value, expecting: context.version)]
        if old?.status != status { changes += moved(from: old?.status, to: status) }
        if old?.deadline != deadline {
            changes.append(.addToIndex(CatalogKeys.deadlines, member: mediaId.compact, score: deadline.milliseconds))
        }
        return changes
    }

    /// Moves the media between the lists of its project.
    func moved(from old: MediaStatus?, to new: MediaStatus?) -> [StateChange] {
        var changes: [StateChange] = []
        if let old { changes.append(.removeFromIndex(CatalogKeys.project(projectId, old), member: mediaId.compact)) }
        if let new { changes.append(.addToIndex(CatalogKeys.project(projectId, new), member: mediaId.compact, score: 0)) }
        return changes
    }

    func transition(from old: MediaRecord?, _ context: TransitionContext, _ outputs: [Output]) throws -> Transition {
        Transition(record: self, commit: Commit(mediaId, changes: try stored(replacing: old, context), outputs: outputs))
    }

    /// The record in its next status and revision.
    func entering(_ status: MediaStatus, at now: Date) -> MediaRecord {
        var copy = self
        copy.status = status
        copy.revision += 1
        copy.changedAt = now
        return copy
    }
}
