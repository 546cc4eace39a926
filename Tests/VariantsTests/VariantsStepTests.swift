import Events
import Messaging
import ObjectStore
import Steps
import TestSupport
import Testing

@testable import Variants
@testable import Vips

@Suite struct VariantsStepTests {
    private func result(of commit: Commit) throws -> VariantsResult? {
        guard case .variants(let result) = try event(StepCompleted.self, in: commit)?.data.result else { return nil }
        return result
    }

    private func error(of commit: Commit) throws -> MediaError? { try event(StepFailed.self, in: commit)?.data.error }

    @Test func aPhotoGetsUprightThumbnailsWithoutItsSecrets() async throws {
        let shop = try Workshop()
        defer { shop.directory.remove() }
        let jpeg = try photo(width: 1600, height: 1200).encoded(as: .jpeg, quality: 90)
        _ = try await shop.putOriginal(PrivateMetadata.insert(into: jpeg, orientation: 6))

        let commit = try await shop.handler.handle(shop.ingested())
        let envelope = try #require(try event(StepCompleted.self, in: commit))
        #expect(envelope.id == "cause-variants" && envelope.source == "/variants" && envelope.data.step == .variants)

        let result = try #require(try result(of: commit))
        #expect(result.lqip.utf8.count < 1000 && result.lqip.hasPrefix("data:image/webp;base64,"))
        #expect(
            result.thumbnails.map { "\($0.width)x\($0.height).\($0.format)" } == [
                "960x1280.webp", "960x1280.jpeg", "240x320.webp", "240x320.jpeg",
            ])
        for thumbnail in result.thumbnails {
            #expect(thumbnail.key.hasPrefix(shop.keys.derived("img/")))
            #expect(try await shop.store.head(thumbnail.key)?.contentType == "image/\(thumbnail.format)")
            let bytes = try await shop.stored(thumbnail.key)
            #expect(bytes.count == thumbnail.bytes)
            #expect((PrivateMetadata.traces + ["Exif"]).allSatisfy { bytes.firstRange(of: Array($0.utf8)) == nil })
            let file = try ImageFile(bytes, loader: try #require(ImageLoader(rawValue: thumbnail.format)))
            #expect((file.header.width, file.header.height) == (thumbnail.width, thumbnail.height))
            // Turned by 90° clockwise, the blue corner comes to the top left.
            let corner = try file.pixels().bytes.prefix(3)
            #expect(corner[2] > 200 && corner[0] < 60 && corner[1] < 60, "\(corner)")
        }
    }

    @Test func aSecondRunGivesTheSameBytesAndKeys() async throws {
        let shop = try Workshop()
        defer { shop.directory.remove() }
        _ = try await shop.putOriginal(try photo(width: 500, height: 400).encoded(as: .png, quality: 1))
        let first = try #require(try result(of: try await shop.handler.handle(shop.ingested(format: .png))))
        let key = try #require(first.thumbnails.first?.key)
        let bytes = try await shop.stored(key)
        #expect(try result(of: try await shop.handler.handle(shop.ingested(format: .png))) == first)
        #expect(try await shop.stored(key) == bytes)
        let other = try result(of: try await shop.handler.handle(shop.ingested(etag: "other", format: .png)))
        #expect(other?.thumbnails.first?.key != key)
    }

    @Test func smallOriginalsAreNeitherEnlargedNorRepeated() async throws {
        let shop = try Workshop()
        defer { shop.directory.remove() }
        _ = try await shop.putOriginal(try photo(width: 100, height: 50).encoded(as: .webp, quality: 80))
        let result = try result(of: try await shop.handler.handle(shop.ingested(format: .webp)))
        #expect(result?.thumbnails.map { "\($0.width)x\($0.height).\($0.format)" } == ["100x50.webp", "100x50.jpeg"])
    }

    @Test func sizesAndFormatsAreConfigured() async throws {
        let shop = try Workshop(["MILLRACE_THUMBNAIL_SIZES": "64, 200,64", "MILLRACE_THUMBNAIL_FORMATS": "avif"])
        defer { shop.directory.remove() }
        _ = try await shop.putOriginal(AnimatedGIF.make(frames: 3))
        let result = try result(of: try await shop.handler.handle(shop.ingested(format: .gif)))
        #expect(result?.thumbnails.map { "\($0.width)x\($0.height).\($0.format)" } == ["2x2.avif"])
    }

    @Test func theMediasOwnFaultIsAnAnswer() async throws {
        let shop = try Workshop(["MILLRACE_IMAGE_MAX_BYTES": "5000"])
        defer { shop.directory.remove() }
        #expect(try error(of: try await shop.handler.handle(shop.ingested()))?.code == .originalMissing)

        let jpeg = try photo(width: 60, height: 40).encoded(as: .jpeg, quality: 90)
        _ = try await shop.putOriginal(jpeg.dropLast(jpeg.count / 3))
        let corrupt = try error(of: try await shop.handler.handle(shop.ingested()))
        #expect(corrupt?.code == .corruptMedia)
        #expect(corrupt?.step == .variants)

        _ = try await shop.putOriginal([0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0xff, 0xff, 0xff, 0xff, 3, 1, 0x22, 0, 2, 0x11, 1])
        #expect(try error(of: try await shop.handler.handle(shop.ingested()))?.code == .tooManyPixels)

        _ = try await shop.putOriginal(Array(repeating: 0, count: 5001))
        #expect(try error(of: try await shop.handler.handle(shop.ingested()))?.code == .processingFailed)
    }
}
