import Catalog
import Events

/// One upload as the store needs to know it: what goes where.
struct Upload: Sendable {
    let mediaId: MediaID
    let projectId: ProjectID
    let key: String
    let contentType: String
    /// Bytes.
    let size: Int64
    /// Where it comes in parts.
    let session: UploadSession?

    init(
        mediaId: MediaID, projectId: ProjectID, key: String, contentType: String, size: Int64, session: UploadSession?
    ) {
        self.mediaId = mediaId
        self.projectId = projectId
        self.key = key
        self.contentType = contentType
        self.size = size
        self.session = session
    }

    init(_ file: CheckedFile, _ slot: UploadTicket.Slot) {
        mediaId = slot.mediaId
        projectId = file.project
        key = MediaKeys(projectId: projectId, mediaId: mediaId).original(fileName: file.declared.fileName)
        contentType = file.declared.contentType
        size = file.declared.size
        session = slot.session
    }

    init(_ record: MediaRecord) {
        mediaId = record.mediaId
        projectId = record.projectId
        key = record.key
        contentType = record.contentType
        size = record.size
        session = record.upload
    }

    var layout: PartLayout? { session.map { PartLayout(size: size, partSize: $0.partSize) } }
}

/// A declared file that keeps to the rules, in a project that the caller may use.
struct CheckedFile: Sendable {
    let project: ProjectID
    let declared: DeclaredFile
}
