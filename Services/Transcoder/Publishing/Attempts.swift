import Events
import FoundationEssentials
import NIOCore
import ObjectStore

/// All attempts to make one stream, below a prefix that names the original and the recipe.
///
/// The same recipe does not make the same bytes on every host (threads, processors), and two workers may be at it at the same time, when one
/// was thought dead. So each attempt has a folder of its own, and leaves a note, `notes/<attempt>.json`, when all is there. Who leaves
/// the first note wins: who then finds another's answers that one's result.
struct Attempts {
    let store: any ObjectStore
    /// Ends with a slash.
    let prefix: String

    private var notes: String { prefix + "notes/" }

    /// The result, where all of it is in the store.
    func finished() async throws -> TranscodeResult? { try await results(beside: nil).first }

    func begin() -> Publication {
        Publication(store: store, prefix: prefix, attempt: String(UInt64.random(in: .min ... .max), radix: 36))
    }

    /// Leaves the note, and removes what attempts that came to no end have left.
    /// - Returns: what is to be answered.
    func conclude(_ publication: Publication, _ result: TranscodeResult) async throws -> TranscodeResult {
        let note = try EventCoding.encode(result)
        try await store.put("\(notes)\(publication.attempt).json", ByteBuffer(bytes: note), contentType: "application/json")
        // Whoever finds no note but its own may remove the others' folders: their notes come later, and they will find this one.
        if let other = try await results(beside: publication.attempt).first { return other }
        try? await sweep(keeping: publication.prefix)
        return result
    }

    /// The oldest first.
    private func results(beside attempt: String?) async throws -> [TranscodeResult] {
        let found = try await store.list(prefix: notes, startAfter: nil, limit: 100)
        var results: [TranscodeResult] = []
        for note in found.sorted(by: { $0.modifiedAt < $1.modifiedAt }) where note.key != "\(notes)\(attempt ?? "").json" {
            let bytes = try await store.readAll(note.key, limit: 1 << 20)
            results.append(try EventCoding.decode(TranscodeResult.self, from: Data(bytes.readableBytesView)))
        }
        return results
    }

    private func sweep(keeping folder: String) async throws {
        var last: String?
        while true {
            let page = try await store.list(prefix: prefix, startAfter: last, limit: 1000)
            guard let end = page.last else { return }
            for object in page where !object.key.hasPrefix(folder) && !object.key.hasPrefix(notes) {
                try await store.delete(object.key)
            }
            last = end.key
        }
    }
}
