import FoundationEssentials
import NIOCore
import ObjectStore
import TestSupport

/// A file store in a directory of its own.
struct FileStoreFixture {
    let directory = TemporaryDirectory()
    let store: FileStore

    init() {
        store = FileStore(root: directory.path + "/store", signingKey: Self.signingKey, publicURL: "http://localhost:8080/")
    }

    static let signingKey = Array("0123456789abcdef0123456789abcdef".utf8)

    var root: String { directory.path + "/store" }
    var subject: StoreConformance.Subject { .init(store: store, perform: store.perform) }

    func files(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)")) ?? []
    }

    static func withStore(_ body: (FileStoreFixture) async throws -> Void) async throws {
        let fixture = FileStoreFixture()
        defer { fixture.directory.remove() }
        try await body(fixture)
    }
}

extension FileStore {
    /// What upload-gateway does with a presigned request.
    @Sendable func perform(_ request: PresignedRequest, _ body: ByteBuffer) async throws -> String? {
        do {
            let (key, query) = try parseURL(request.url)
            let upload = try verify(
                method: request.method, key: key, query: query, contentType: request.headers["Content-Type"],
                contentLength: Int64(body.readableBytes), now: Date())
            return try await receive(upload, body: Chunks(body)).etag
        } catch is PresignError {
            return nil
        } catch let error as StoreError where error.code == .alreadyExists || error.code == .unknownUpload {
            return nil
        }
    }
}

struct NotAURL: Error {}

/// The key and the query of a presigned URL, decoded.
func parseURL(_ url: String) throws -> (key: String, query: [(String, String)]) {
    guard let components = URLComponents(string: url), components.host == "localhost", components.path.hasPrefix("/files/") else {
        throw NotAURL()
    }
    return (String(components.path.dropFirst("/files/".count)), (components.queryItems ?? []).map { ($0.name, $0.value ?? "") })
}

/// A body in chunks of 64 KiB, as a server hands it over.
struct Chunks: AsyncSequence, Sendable {
    let bytes: ByteBuffer
    init(_ bytes: ByteBuffer) { self.bytes = bytes }

    struct AsyncIterator: AsyncIteratorProtocol {
        var rest: ByteBuffer
        mutating func next() async -> ByteBuffer? {
            rest.readableBytes == 0 ? nil : rest.readSlice(length: Swift.min(65536, rest.readableBytes))
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: bytes) }
}

extension FileStoreFixture {
    static func again(_ fixture: FileStoreFixture) -> FileStore {
        FileStore(root: fixture.root, signingKey: signingKey, publicURL: "http://localhost:8080")
    }
}

enum Sample { static let bytes = ByteBuffer(string: "some bytes") }
