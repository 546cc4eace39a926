import Catalog
package import Events
package import FoundationEssentials
package import ObjectStore

/// An object of another tool of which no media is known yet.
package struct Newcomer: Sendable, Hashable {
    package let object: ObjectInfo
    package let keys: MediaKeys
}

/// What became of a newcomer.
package struct Ingestion: Sendable {
    package let newcomer: Newcomer
    package let result: Result<Arrivals.Outcome, any Error>

    package var isBegun: Bool {
        if case .success(.begun) = result { return true }
        return false
    }

    package var failure: (any Error)? {
        if case .failure(let error) = result { return error }
        return nil
    }
}

extension Arrivals {
    private static let atOnce = 8

    /// The objects of a listing that lie in our prefixes and are no media yet.
    /// - Parameter oldEnough: what was written later is left alone, as it may still be being written.
    package func newcomers(among page: [ObjectInfo], oldEnough: Date) async throws -> [Newcomer] {
        var candidates: [Newcomer] = []
        for object in page where object.size > 0 && object.modifiedAt <= oldEnough {
            guard let project = IngestPrefix.project(of: object.key, in: prefixes) else { continue }
            candidates.append(Newcomer(object: object, keys: try await media(of: object, in: project)))
        }
        guard !candidates.isEmpty else { return [] }
        let known = try await catalog.entries(candidates.map(\.keys.mediaId))
        return zip(candidates, known).compactMap { $1 == nil ? $0 : nil }
    }

    /// Makes media of them, a few at a time. One that cannot be read or copied holds up no other.
    /// - Throws: where none could be ingested and the store is away.
    package func ingest(_ newcomers: [Newcomer]) async throws -> [Ingestion] {
        let ingestions: [Ingestion] = await withTaskGroup(of: Ingestion.self) { group in
            var ingestions: [Ingestion] = []
            for (index, newcomer) in newcomers.enumerated() {
                if index >= Self.atOnce, let next = await group.next() { ingestions.append(next) }
                group.addTask { await ingestion(of: newcomer) }
            }
            for await next in group { ingestions.append(next) }
            return ingestions
        }
        try Task.checkCancellation()
        if !ingestions.isEmpty, ingestions.allSatisfy({ $0.failure != nil }) { try await store.check() }
        return ingestions
    }

    private func ingestion(of newcomer: Newcomer) async -> Ingestion {
        do {
            let outcome = try await ingest(newcomer.object, into: newcomer.keys.projectId)
            return Ingestion(newcomer: newcomer, result: .success(outcome))
        } catch {
            return Ingestion(newcomer: newcomer, result: .failure(error))
        }
    }
}
