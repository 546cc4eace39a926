/// An original has arrived in the object store. Sent by upload-gateway (`complete`) or on a bucket notification.
package struct MediaUploaded: Event {
    package static let name = "media.uploaded"
    package static let stream = Stream.mediaUploaded

    package let mediaId: MediaID
    package let projectId: ProjectID
    /// The original's key in the object store.
    package let key: String
    /// Bytes, as declared at presign.
    package let size: Int64
    /// As declared at presign; nothing is decided by it.
    package let contentType: String
    /// As the uploader named the file.
    package let fileName: String

    package init(mediaId: MediaID, projectId: ProjectID, key: String, size: Int64, contentType: String, fileName: String) {
        self.mediaId = mediaId
        self.projectId = projectId
        self.key = key
        self.size = size
        self.contentType = contentType
        self.fileName = fileName
    }
}
