/// An original was checked and recognised; the steps of its plan may begin.
package struct MediaIngested: Event, Hashable {
    package static let name = "media.ingested"
    package static let stream = Stream.mediaIngested

    package let mediaId: MediaID
    package let projectId: ProjectID
    package let key: String
    /// Bytes, as the object store has them.
    package let size: Int64
    /// The object store's entity tag: it changes when the bytes do.
    package let etag: String
    package let kind: MediaKind
    package let format: MediaFormat
    package let fileName: String
    /// The steps that must answer before the media is ready.
    package let plan: [Step]

    package init(
        mediaId: MediaID, projectId: ProjectID, key: String, size: Int64, etag: String, kind: MediaKind,
        format: MediaFormat, fileName: String, plan: [Step]
    ) {
        self.mediaId = mediaId
        self.projectId = projectId
        self.key = key
        self.size = size
        self.etag = etag
        self.kind = kind
        self.format = format
        self.fileName = fileName
        self.plan = plan
    }
}
