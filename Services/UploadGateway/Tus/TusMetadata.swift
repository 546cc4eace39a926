import FoundationEssentials
import HTTPServer

/// The header `Upload-Metadata`: what a client tells of its file. We know `filename` (or `name`), `filetype` (or `type`) and
/// `projectId` (or `project`); the rest is not kept.
struct TusMetadata: Sendable {
    private var values: [String: String] = [:]

    var fileName: String? { values["filename"] ?? values["name"] }
    var contentType: String? { values["filetype"] ?? values["type"] }
    var project: String? { values["projectId"] ?? values["project"] }

    /// - Throws: 400 `invalidHeader` for what is no list of names with values in Base64.
    init(_ header: String?) throws(Problem) {
        for pair in (header ?? "").split(separator: ",") {
            let parts = pair.split(separator: " ")
            guard (1...2).contains(parts.count), values.count < 50,
                let bytes = Data(base64Encoded: parts.count == 2 ? String(parts[1]) : ""),
                let value = String(validating: bytes, as: UTF8.self)
            else { throw .tusHeader(.uploadMetadata, "must be names with values in Base64") }
            values[String(parts[0])] = value
        }
    }

    static func header(fileName: String, contentType: String) -> String {
        [("filename", fileName), ("filetype", contentType)]
            .map { "\($0) \(Data($1.utf8).base64EncodedString())" }.joined(separator: ",")
    }
}
