import Events
import HTTPClient
import Synchronization

/// One file from presign to complete. What breaks in the middle goes on where it stopped.
struct FileUpload: Sendable {
    private static let partsAtOnce = 4

    let source: SourceFile
    let row: Int
    let api: API
    let board: Board

    private struct Declared: Encodable {
        let projectId: String
        let fileName: String
        let contentType: String
        let size: Int64
    }

    /// What presign and `…/parts` answer: where the rest goes.
    private struct Open: Decodable {
        struct Part: Decodable {
            let number: Int
            let url: String
            let size: Int64
        }
        struct Parts: Decodable {
            let partSize: Int64
            let parts: [Part]
        }

        let mediaId: MediaID
        let key: String
        let url: String?
        let headers: [String: String]?
        let multipart: Parts?
        let partSize: Int64?
        let missing: [Part]?
        let isComplete: Bool?
    }

    func run() async throws {
        let declared = Declared(
            projectId: api.project, fileName: source.name, contentType: source.contentType, size: source.size)
        // Unique to this upload: a repetition must not begin a second one.
        let open: Open = try await api.call(
            "POST", "/api/v2/uploads/presign", body: declared, idempotencyKey: MediaID.generate().rawValue)
        await board.presigned(row, open.mediaId, key: open.key)
        try await sendAll(open)
        await board.uploaded(row)
        try await api.send("POST", "/api/v2/uploads/\(open.mediaId)/complete")
    }

    /// Sends what is missing, and after a break in the middle what is still missing.
    private func sendAll(_ first: Open) async throws {
        var open = first
        for pause in api.patience.pauses {
            do { return try await send(open) } catch let refusal as Refusal where (400..<500).contains(refusal.status) {
                throw refusal
            } catch { try await Task.sleep(for: pause) }
            open = try await api.call("GET", "/api/v2/uploads/\(open.mediaId)/parts")
            guard open.isComplete != true else { return }
        }
        try await send(open)
    }

    private func send(_ open: Open) async throws {
        if let url = open.url {
            return try await put(url, 0, source.size, headers: open.headers ?? [:], progress: Sum(row, board))
        }
        guard let partSize = open.multipart?.partSize ?? open.partSize else {
            throw CommandError(description: "the server named no URL")
        }
        let missing = open.multipart?.parts ?? open.missing ?? []
        let progress = Sum(row, board, sent: source.size - missing.reduce(0) { $0 + $1.size })
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, part) in missing.enumerated() {
                if index >= Self.partsAtOnce { try await group.next() }
                group.addTask {
                    try await put(part.url, Int64(part.number - 1) * partSize, part.size, headers: [:], progress: progress)
                }
            }
            try await group.waitForAll()
        }
    }

    private func put(_ url: String, _ offset: Int64, _ length: Int64, headers: [String: String], progress: Sum) async throws {
        var request = HTTPClient.Request(
            "PUT", url, headers: headers.map { ($0.key, $0.value) },
            body: .file(path: source.path, offset: offset, length: length))
        request.timeout = nil
        request.idleTimeout = api.patience.standstill
        let counted = Mutex<Int64>(0)
        _ = try await api.perform(request) { sent in
            let more = counted.withLock { last in
                defer { last = sent }
                return sent - last
            }
            progress.add(more)
        }
    }
}

/// The bytes of one file that have been sent, over all its parts.
final class Sum: Sendable {
    private let row: Int
    private let board: Board
    private let sent: Mutex<Int64>

    init(_ row: Int, _ board: Board, sent: Int64 = 0) {
        self.row = row
        self.board = board
        self.sent = Mutex(sent)
    }

    func add(_ bytes: Int64) {
        let total = sent.withLock { sent in
            sent += bytes
            return sent
        }
        Task { await board.sent(row, total) }
    }
}
