import FoundationEssentials

/// What crashed writers and forgotten uploads left behind. Removed by age alone, so that no running writer is disturbed.
enum Leftovers {
    /// A temporary file not written to for this long belongs to nobody: even a slow upload writes each minute.
    static let temporaryAge: TimeInterval = 24 * 3600
    /// A multipart upload without a new part for this long is forgotten.
    static let uploadAge: TimeInterval = 7 * 24 * 3600

    static func remove(in root: String, now: Date = Date()) {
        try? removeTemporaries(root, before: now.addingTimeInterval(-temporaryAge))
        try? removeUploads(root, before: now.addingTimeInterval(-uploadAge))
    }

    private static func removeTemporaries(_ root: String, before limit: Date) throws(StoreError) {
        let folder = try Folder.open(path: "\(root)/temporary")
        try folder.forEachName { (name, _) throws(StoreError) in
            guard let status = try? folder.status(of: name), status.isFile, status.modifiedAt < limit else { return }
            try? folder.unlink(name)
        }
    }

    private static func removeUploads(_ root: String, before limit: Date) throws(StoreError) {
        let tree = FileTree(path: "\(root)/multipart")
        let folder = try tree.root()
        try folder.forEachName { (name, _) throws(StoreError) in
            guard UploadID.isValid(name), let upload = try? folder.folder(name) else { return }
            let times = [try? folder.status(of: name), try? upload.status(of: "parts")].compactMap { $0?.modifiedAt }
            if times.allSatisfy({ $0 < limit }) { try? MultipartUpload(tree: tree, id: name).remove() }
        }
    }
}
