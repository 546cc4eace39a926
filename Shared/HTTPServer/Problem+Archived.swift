package import Events
import HTTPTypes

extension Problem {
    /// 409: an original's bytes lie in cold storage.
    /// - Parameter isReturning: somebody has asked for it already.
    package static func originalArchived(_ media: MediaKeys, isReturning: Bool = false) -> Problem {
        let path = "/api/v2/media/\(media.mediaId)/restore?projectId=\(media.projectId)"
        let detail =
            isReturning
            ? "The original is on its way back from cold storage, which may take hours."
            : "The original is in cold storage; POST \(path) brings it back."
        return Problem(
            .conflict, code: "originalArchived", detail: detail, headers: isReturning ? [.retryAfter: "600"] : [:],
            extra: ["storage": isReturning ? "restoring" : "archived", "restore": path])
    }
}
