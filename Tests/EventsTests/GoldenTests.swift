import Events
import FoundationEssentials
import Testing

/// The wire contract: what was written once stays readable, and is written the same way.
@Suite struct GoldenTests {
    @Test(arguments: Fixture.all)
    func staysTheSame(_ fixture: Fixture) throws {
        let bytes = try fixture.bytes
        #expect(try JSON(try fixture.roundTrip(bytes)) == JSON(bytes))
    }

    @Test(arguments: Fixture.all)
    func ignoresUnknownFields(_ fixture: Fixture) throws {
        let known = try JSON(try fixture.bytes)
        #expect(try JSON(try fixture.roundTrip(try known.withUnknownFields.bytes)) == known)
    }

    @Test(arguments: Fixture.all)
    func hasAHeaderThatTellsItsType(_ fixture: Fixture) throws {
        let header = try EventCoding.decode(EnvelopeHeader.self, from: try fixture.bytes)
        #expect(header.specversion == "1.0")
        #expect("millrace.\(fixture)".hasPrefix(header.type))
        #expect(header.trace != nil)
        #expect(MediaID(header.subject) != nil)
    }

    @Test(arguments: Fixture.all)
    func refusesWhatLacksAFieldOrHoldsAnother(_ fixture: Fixture) throws {
        let whole = try JSON(try fixture.bytes)
        for field in ["mediaId", "projectId"] {
            for wrong in [nil, JSON.null, .number(1), .string(""), .string("../../etc")] {
                var broken = whole
                broken["data"]?[field] = wrong
                #expect(throws: DecodingError.self) { try fixture.roundTrip(try broken.bytes) }
            }
        }
        for field in ["id", "type", "subject", "time", "traceparent", "data"] {
            var broken = whole
            broken[field] = nil
            #expect(throws: DecodingError.self) { try fixture.roundTrip(try broken.bytes) }
        }
    }

    @Test func everyFileIsTested() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Fixture.directory.path)
        #expect(Set(files) == Set(Fixture.all.map { "\($0).json" }))
    }

    @Test func everyStreamOfTheContractHasItsEvents() {
        let carried: [Stream] = [
            MediaUploaded.stream, MediaIngested.stream, TranscodeRequested.stream, StepCompleted.stream, StepProgress.stream,
            StepFailed.stream,
            MediaStatusChanged.stream, MediaProgress.stream, WebhookDelivery.stream,
        ]
        #expect(Set(carried) == Set(Stream.all))
        #expect(Set(Stream.all.map(\.name)).count == Stream.all.count)
    }
}
