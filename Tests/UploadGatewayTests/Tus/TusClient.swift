import FoundationEssentials
import HTTPClient
import NIOCore
import ObjectStore
import TestSupport

@testable import UploadGateway

/// tus as its specification has it, request by request.
extension TestGateway {
    static let tusType = ("Content-Type", "application/offset+octet-stream")

    func tus(
        _ method: String, _ path: String, _ headers: [(String, String)] = [], token: String? = nil, _ body: [UInt8]? = nil
    ) async throws -> Answer {
        try await send(
            method, path, token: token, headers: [("Tus-Resumable", "1.0.0")] + headers, body: body.map { .bytes($0) } ?? .none)
    }

    /// Begins an upload. - Returns: its address.
    func tusCreate(_ size: Int, name: String = "a.jpg", _ headers: [(String, String)] = []) async throws -> String {
        let answer = try await tus("POST", "/api/v2/tus", [("Upload-Length", "\(size)"), Self.tusMetadata(name)] + headers)
        guard answer.status == 201, let location = answer.header("location") else {
            throw ProcessError(description: "\(answer.status) \(answer.code)")
        }
        return location
    }

    func tusPatch(_ url: String, at offset: Int, _ bytes: [UInt8], _ headers: [(String, String)] = []) async throws -> Answer {
        try await tus("PATCH", url, [("Upload-Offset", "\(offset)"), Self.tusType] + headers, bytes)
    }

    func tusOffset(_ url: String) async throws -> Int {
        Int(try await tus("HEAD", url).header("upload-offset") ?? "") ?? -1
    }

    static func tusMetadata(_ name: String, type: String = "image/jpeg", project: String? = nil) -> (String, String) {
        let encoded = { (text: String) in Data(text.utf8).base64EncodedString() }
        let more = project.map { ",projectId \(encoded($0))" } ?? ""
        return ("Upload-Metadata", "filename \(encoded(name)),filetype \(encoded(type)),is_final\(more)")
    }

    /// The media that an address names.
    static func media(_ url: String) -> String { String(url.split(separator: "/").last ?? "") }

    /// Bytes that differ from place to place.
    static func bytes(_ count: Int) -> [UInt8] {
        var random = SeededGenerator(seed: UInt64(count))
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            for index in 0..<count { buffer[index] = UInt8(truncatingIfNeeded: random.next()) }
            filled = count
        }
    }

    /// The original of a media.
    func original(_ media: String) async throws -> [UInt8] {
        let page = try await store.list(prefix: "projects/demo/\(media)/original/", startAfter: nil, limit: 2)
        guard page.count == 1 else { return [] }
        return Array(try await store.readAll(page[0].key, limit: 64 << 20).readableBytesView)
    }
}
