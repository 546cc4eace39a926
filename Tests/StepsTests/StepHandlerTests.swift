import Events
import FoundationEssentials
import Messaging
import ObjectStore
import Steps
import Testing

@Suite struct StepHandlerTests {
    private let result = StepResult.variants(VariantsResult(lqip: "data:", thumbnails: []))

    /// The only event that a commit holds.
    private func answer<Body: Event>(_ type: Body.Type, in commit: Commit) throws -> Envelope<Body> {
        #expect(commit.changes.isEmpty && commit.outputs.map(\.stream) == [.steps])
        return try EventCoding.decode(Envelope<Body>.self, from: Data(try #require(commit.outputs.first).payload.utf8))
    }

    @Test func theOutcomeIsAnsweredAndTimed() async throws {
        let incoming = try ingested()
        let warning = MediaWarning("odd", "It is odd.", step: .variants)
        let handler = StepHandler(
            Stitch {
                try await Task.sleep(for: .milliseconds(20))
                return StepOutcome(result, warnings: [warning])
            })
        let envelope = try answer(StepCompleted.self, in: try await handler.handle(incoming))
        #expect(envelope.source == "/variants")
        #expect(envelope.traceparent.prefix(36) == incoming.envelope.traceparent.prefix(36))
        #expect(envelope.traceparent != incoming.envelope.traceparent)
        #expect(envelope.data.mediaId == incoming.event.mediaId && envelope.data.projectId == incoming.event.projectId)
        #expect(envelope.data.step == .variants && envelope.data.result == result && envelope.data.warnings == [warning])
        #expect(envelope.data.durationMs >= 20)
    }

    @Test func aSecondRunAnswersWithTheSameId() async throws {
        let incoming = try ingested()
        let handler = StepHandler(Stitch { StepOutcome(result) })
        for _ in 1...2 {
            #expect(try answer(StepCompleted.self, in: try await handler.handle(incoming)).id == "cause-variants")
        }
    }

    @Test func nothingIsDoneOutsideOfThePlan() async throws {
        let handler = StepHandler(Stitch { throw Failure.permanent("must not run") })
        let incoming = try ingested(plan: [.metadata])
        #expect(try await handler.handle(incoming) == .nothing)
        #expect(try await handler.abandon(incoming, because: .permanent("")) == .nothing)
    }

    @Test(arguments: [
        (StoreError.Code.notFound, MediaError.Code.originalMissing), (.tooLarge, .processingFailed),
    ])
    func whatIsTheMediasOwnFaultIsAnswered(_ code: StoreError.Code, _ expected: MediaError.Code) async throws {
        let handler = StepHandler(Stitch { throw StoreError(code, "/secret/path") })
        let error = try answer(StepFailed.self, in: try await handler.handle(try ingested())).data.error
        #expect(error.code == expected && error.step == .variants && !error.message.contains("secret"))
    }

    @Test(arguments: [
        (StoreError.Code.unavailable, Failure.Kind.transient(delay: nil)), (.full, .transient(delay: nil)),
        (.invalidKey, .permanent), (.invalidRequest, .permanent),
    ])
    func otherFailuresAreLeftToTheBus(_ code: StoreError.Code, _ kind: Failure.Kind) async throws {
        let handler = StepHandler(Stitch { throw StoreError(code, "why") })
        let failure = await #expect(throws: Failure.self) { try await handler.handle(try ingested()) }
        #expect(failure?.kind == kind && failure?.reason == "why" && failure?.mediaError == nil)
        #expect(failure?.policy == (code == .full ? .fullDisk : nil))
        await #expect(throws: CancellationError.self) {
            try await StepHandler(Stitch { throw CancellationError() }).handle(try ingested())
        }
    }

    /// Once it is restored the dead letter can be replayed.
    @Test func anArchivedOriginalIsGivenUpAtOnceAndSaysWhy() async throws {
        let handler = StepHandler(Stitch { throw StoreError(.archived, "why") })
        let incoming = try ingested()
        let failure = try #require(await #expect(throws: Failure.self) { try await handler.handle(incoming) })
        #expect(failure.kind == .permanent)
        let error = try answer(StepFailed.self, in: try await handler.abandon(incoming, because: failure)).data.error
        #expect(error.code == .originalArchived && error.step == .variants)
    }

    @Test func givingUpTellsTheOthers() async throws {
        let handler = StepHandler(Stitch { StepOutcome(result) })
        let commit = try await handler.abandon(try ingested(), because: .transient("/secret/path is away"))
        let envelope = try answer(StepFailed.self, in: commit)
        #expect(envelope.id == "cause-variants")
        #expect(envelope.data.error == MediaError(.processingFailed, Stitch.lament, step: .variants))
    }

    @Test func whoWaitsSaysSoEachTime() throws {
        let handler = StepHandler(Stitch { throw Failure.transient("no room", .fullDisk) })
        let ids = try (1...2).map { attempt in
            let first = try ingested()
            let incoming = Incoming(envelope: first.envelope, attempt: attempt)
            let envelope = try answer(StepProgress.self, in: try handler.postpone(incoming))
            #expect(envelope.data.step == .variants && envelope.data.progress == 0 && envelope.data.result == nil)
            return envelope.id
        }
        #expect(Set(ids).count == 2, "or else only the first would be heard")
    }

    private func ingested(plan: [Step] = [.metadata, .variants]) throws -> Incoming<MediaIngested> {
        let event = MediaIngested(
            mediaId: .generate(), projectId: try #require(ProjectID("demo")), key: "k", size: 1, etag: "e", kind: .image,
            format: .jpeg, fileName: "a.jpg", plan: plan)
        return Incoming(envelope: Envelope(event, id: "cause", source: "ingest-listener", trace: .random()), attempt: 1)
    }
}

/// A step that does what a test says.
private struct Stitch: StepWork {
    static let step = Step.variants
    static let group = Group.variants
    static let lament = "It could not be stitched."

    let work: @Sendable () async throws -> StepOutcome

    func run(_ incoming: Incoming<MediaIngested>) async throws -> StepOutcome { try await work() }
}
