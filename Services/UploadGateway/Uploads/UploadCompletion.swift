import Catalog
import Events
import HTTPServer
import Messaging
import ObjectStore

/// Ends an upload whose bytes are there, by whatever protocol they came: from here on the media is processed.
struct UploadCompletion: Sendable {
    private static let rounds = 20

    let finder: MediaFinder
    let assembly: UploadAssembly
    let givenUp: GivenUpUploads
    let bus: any Bus
    let stepDeadline: Duration

    /// Safe to repeat, and to run at once in many places.
    /// - Parameters:
    ///   - trace: of the request, which joins that of the media.
    ///   - entry: what the catalog holds now; it is asked for again while others change it.
    /// - Throws: 409 `uploadExpired`, `notUploaded` or `sizeMismatch`, 422 `invalidPart`.
    func complete(
        _ parts: ClaimedParts? = nil, trace: RequestTrace, _ entry: () async throws -> (entry: CatalogEntry, version: Int)
    ) async throws -> CatalogEntry {
        for _ in 1...Self.rounds {
            let (entry, version) = try await entry()
            if case .inFlight(let record) = entry { trace.join(record.trace) }
            let context = TransitionContext(version: version, source: serviceName, trace: trace.span)
            if try await isDone(entry, parts, context) { return entry }
        }
        throw Problem.unavailable("The media's record kept changing.")
    }

    /// False when the record changed meanwhile: look again.
    private func isDone(_ entry: CatalogEntry, _ parts: ClaimedParts?, _ context: TransitionContext) async throws -> Bool {
        guard try await !finder.hasArrived(entry) else { return true }
        guard case .inFlight(let record) = entry, record.outcome == nil else { throw Problem.uploadExpired }
        try await assembly.assemble(Upload(record), parts)
        guard let uploaded = try record.uploaded(stepDeadline: stepDeadline, context) else { return true }
        let keys = MediaKeys(projectId: record.projectId, mediaId: record.mediaId)
        let lane = try await finder.catalog.lane(of: keys, entering: [.uploaded, .processing])
        if try await bus.commit(uploaded.commit.inLane(lane)) == .committed { return true }
        try await givenUp.removeLate(record.key)
        return false
    }
}
