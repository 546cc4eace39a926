import HTTPServer
import HTTPTypes

/// The names of tus 1.0. Source: https://tus.io/protocols/resumable-upload, version 1.0.0.
enum TusProtocol {
    static let version = "1.0.0"
    static let extensions = "creation,creation-with-upload,expiration,checksum,termination,concatenation"
    static let chunkType = "application/offset+octet-stream"
    /// Bytes of a part, which is also what one upload holds in memory at most.
    static let partSize: Int64 = 8 << 20
    /// Bytes of a chunk with a checksum: it is believed only as a whole, so it must fit into memory.
    static let maxCheckedChunk = 16 << 20

    /// What pages of other origins may send and read.
    static func crossOrigin(_ origins: [String]) -> CrossOrigin {
        let own = "Tus-Resumable, Upload-Length, Upload-Offset, Upload-Metadata, Upload-Concat"
        return CrossOrigin(
            origins: origins, methods: "POST, HEAD, PATCH, DELETE, OPTIONS",
            accepted: "Authorization, Content-Type, Upload-Checksum, Upload-Defer-Length, X-Requested-With, \(own)",
            exposed: "Location, Tus-Version, Tus-Extension, Tus-Max-Size, Upload-Expires, X-Request-Id, \(own)")
    }
}

extension HTTPField.Name {
    static let tusResumable = tus("Tus-Resumable")
    static let tusVersion = tus("Tus-Version")
    static let tusExtension = tus("Tus-Extension")
    static let tusMaxSize = tus("Tus-Max-Size")
    static let tusChecksumAlgorithm = tus("Tus-Checksum-Algorithm")
    static let uploadLength = tus("Upload-Length")
    static let uploadOffset = tus("Upload-Offset")
    static let uploadMetadata = tus("Upload-Metadata")
    static let uploadExpires = tus("Upload-Expires")
    static let uploadChecksum = tus("Upload-Checksum")
    static let uploadConcat = tus("Upload-Concat")

    private static func tus(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("a name written in this file is no token") }
        return name
    }
}

/// What tus says no with.
extension Problem {
    static let tusVersion = Problem(
        .preconditionFailed, code: "unsupportedTusVersion", detail: "Tus-Resumable must be \(TusProtocol.version).",
        headers: [.tusVersion: TusProtocol.version])

    static func wrongOffset(_ offset: Int64) -> Problem {
        Problem(.conflict, code: "wrongOffset", detail: "The upload is at byte \(offset).", extra: ["offset": offset])
    }

    static let wrongChecksum = Problem(
        .init(code: 460, reasonPhrase: "Checksum Mismatch"), code: "wrongChecksum",
        detail: "The chunk is not the one that the checksum was made of; nothing of it was kept.")

    static let uploadGone = Problem(.gone, code: "uploadExpired", detail: "The upload was not completed in time.")

    static func tusHeader(_ name: HTTPField.Name, _ detail: String) -> Problem {
        let name = name.canonicalName
        return Problem(.badRequest, code: "invalidHeader", detail: "\(name) \(detail).", extra: ["header": name])
    }
}
