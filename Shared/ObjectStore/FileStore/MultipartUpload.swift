import FoundationEssentials
import NIOCore

enum UploadID {
    static func generate() -> String { randomHex(bytes: 16) }

    static func isValid(_ text: String) -> Bool {
        text.utf8.count == 32 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
}

/// One unfinished upload: `<id>/upload` says what it will become, `<id>/parts/<number>` are its parts.
struct MultipartUpload: Sendable {
    let tree: FileTree
    let id: String

    /// The object to be; its key binds the upload.
    struct Target: Codable {
        let key: String
        let contentType: String
    }

    static func partKey(_ id: String, _ number: Int) -> String {
        let digits = String(number)
        return "\(id)/parts/" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }

    /// - Throws: `.unknownUpload` unless there is such an upload of this key.
    func target(for key: String) throws(StoreError) -> Target {
        guard UploadID.isValid(id), let stored = try? tree.open("\(id)/upload"),
            let bytes = try? stored.file.read(at: 0, count: Int(stored.info.size)),
            let target = try? JSONDecoder().decode(Target.self, from: Data(bytes.readableBytesView)),
            target.key.utf8.elementsEqual(key.utf8)
        else { throw StoreError(.unknownUpload, "no such upload of this key") }
        return target
    }

    func parts() throws(StoreError) -> [PartInfo] {
        try OrderedWalk.list(tree, prefix: "\(id)/parts/", startAfter: nil, limit: 10_000).compactMap { info in
            Int(info.key.utf8.suffix(5).map { String(UnicodeScalar($0)) }.joined())
                .map { PartInfo(number: $0, size: info.size, etag: info.etag) }
        }
    }

    func open(_ part: PartInfo) throws(StoreError) -> OpenFile {
        guard let stored = try? tree.open(Self.partKey(id, part.number)) else {
            throw StoreError(.invalidPart, "part \(part.number) has not arrived")
        }
        guard stored.info.size == part.size, stored.info.etag == part.etag else {
            throw StoreError(.invalidPart, "part \(part.number) differs from what has arrived")
        }
        return stored.file
    }

    /// The record goes first: without it, nobody adds parts.
    func remove() throws(StoreError) {
        guard UploadID.isValid(id) else { return }
        try tree.remove("\(id)/upload")
        for part in try parts() { try tree.remove(Self.partKey(id, part.number)) }
        try? tree.root().removeFolder(id)
    }
}
