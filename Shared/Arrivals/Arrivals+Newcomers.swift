import Catalog
package import Events
package import FoundationEssentials
package import ObjectStore

/// An object of another tool of which no media is known yet.
package struct Newcomer: Sendable, Hashable {
    package let object: ObjectInfo
    package let keys: MediaKeys
}

extension Arrivals {
    private static let atOnce = 8

    /// The objects of a listing that lie in our prefixes and are no media yet.
    /// - Parameter oldEnough: what was written later is left alone, as it may still be being written.
    package func newcomers(among page: [ObjectInfo], oldEnough: Date) async throws -> [Newcomer] {
        let candidates = page.compactMap { object -> Newcomer? in
            guard object.size > 0, object.modifiedAt <= oldEnough,
                let project = IngestPrefix.project(of: object.key, in: prefixes)
            else { return nil }
            return Newcomer(object: object, keys: media(of: object, in: project))
        }
        guard !candidates.isEmpty else { return [] }
        let known = try await catalog.entries(candidates.map(\.keys.mediaId))
        return zip(candidates, known).compactMap { $1 == nil ? $0 : nil }
    }

    /// Makes media of them, a few at a time.
    package func ingest(_ newcomers: [Newcomer]) async throws -> [(newcomer: Newcomer, outcome: Outcome)] {
        try await withThrowingTaskGroup(of: (Newcomer, Outcome).self) { group in
            var outcomes: [(Newcomer, Outcome)] = []
            for (index, newcomer) in newcomers.enumerated() {
                if index >= Self.atOnce, let outcome = try await group.next() { outcomes.append(outcome) }
                group.addTask { (newcomer, try await ingest(newcomer.object, into: newcomer.keys.projectId)) }
            }
            for try await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
    }
}
