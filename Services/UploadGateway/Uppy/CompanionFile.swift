import Access
import Events
import FoundationEssentials
import HTTPServer
import Hummingbird

/// A file as Uppy's plug-in AwsS3 declares it to its companion. The plug-in sends name, type and the file's metadata, which must hold
/// `size`: a place in the store is given for so many bytes and no more. `projectId` may be left out with a key of one project.
struct CompanionFile: Sendable {
    let name: String
    let type: String
    let metadata: [String: String]

    /// From the body of `POST s3/multipart`.
    static func read(_ request: Request) async throws -> CompanionFile {
        struct Body: Decodable {
            let filename: String
            let type: String?
            let metadata: [String: Loose]?
        }
        let body = try await jsonBody(Body.self, request, limit: 64 << 10)
        return CompanionFile(
            name: body.filename, type: body.type ?? "", metadata: (body.metadata ?? [:]).compactMapValues(\.text))
    }

    /// From the query of `GET s3/params`: `filename`, `type`, `metadata[…]`.
    static func read(_ query: QueryParameters) throws(Problem) -> CompanionFile {
        var metadata: [String: String] = [:]
        for (name, value) in query.items where name.hasPrefix("metadata[") && name.hasSuffix("]") {
            metadata[String(name.dropFirst("metadata[".count).dropLast())] = value
        }
        return CompanionFile(name: try query.require("filename"), type: query["type"] ?? "", metadata: metadata)
    }

    /// - Throws: 403 `forbiddenProject`; 413 and 422 as for a presign request.
    func checked(_ rules: FileRules, multipart: Bool, _ context: MillraceContext) throws(Problem) -> CheckedFile {
        guard let size = metadata["size"].flatMap({ Int64($0) }) else {
            throw .invalidField(
                "metadata.size", "The file's metadata must have its size in bytes: setFileMeta(id, {size: file.size}).")
        }
        let file = DeclaredFile(
            projectId: try project(context), fileName: name,
            contentType: FileRules.isContentType(type) ? type : "application/octet-stream", size: size, multipart: multipart)
        do throws(FileRules.Violation) { try rules.check(file) } catch { throw .from(error, at: "metadata.") }
        return CheckedFile(project: try context.requireProject(file.projectId), declared: file)
    }

    private func project(_ context: MillraceContext) throws(Problem) -> String {
        if let project = metadata["projectId"] { return project }
        guard let project = context.apiKey?.project, project != APIKey.everyProject else {
            throw .invalidField("metadata.projectId", "The file's metadata must name the projectId.")
        }
        return project
    }

    /// Bytes of a part as the plug-in cuts files by itself: 5 MiB, or as much as makes 10,000 parts.
    static func partSize(_ size: Int64) -> Int64 { max(5 << 20, (size + PartLayout.maxParts - 1) / PartLayout.maxParts) }

    /// Text or a number; everything else that metadata may hold is passed over.
    private struct Loose: Decodable {
        let text: String?

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let number = try? value.decode(Int64.self) { text = String(number) } else { text = try? value.decode(String.self) }
        }
    }
}
