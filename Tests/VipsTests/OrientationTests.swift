import TestSupport
import Testing

@testable import Vips

@Suite struct OrientationTests {
    /// Where the stored corners (0 top left, 1 top right, 2 bottom left, 3 bottom right) are seen, in reading order.
    static let corners = [
        1: [0, 1, 2, 3], 2: [1, 0, 3, 2], 3: [3, 2, 1, 0], 4: [2, 3, 0, 1],
        5: [0, 2, 1, 3], 6: [2, 0, 3, 1], 7: [3, 1, 2, 0], 8: [1, 3, 0, 2],
    ]

    @Test(arguments: 1...8) func theThumbnailIsUpright(_ orientation: Int) throws {
        let bytes = PrivateMetadata.insert(into: Fixture.progressiveJPEG.bytes, orientation: orientation)
        let file = try ImageFile(bytes, loader: .jpeg)
        let expected = try #require(Self.corners[orientation]).map { ColourTests.quarters[$0] as [UInt8]? }
        let isTurned = orientation >= 5

        let thumbnail = try file.thumbnail(fitting: Box(side: 32)).pixels()
        #expect((thumbnail.width, thumbnail.height) == (isTurned ? (24, 32) : (32, 24)))
        expectQuarters(of: thumbnail, expected, tolerance: 12)

        let upright = try file.pixels()
        #expect((upright.width, upright.height) == (isTurned ? (48, 64) : (64, 48)))
        expectQuarters(of: upright, expected, tolerance: 12)

        let stored = try file.pixels(oriented: false)
        #expect((stored.width, stored.height) == (64, 48))
        expectQuarters(of: stored, ColourTests.quarters, tolerance: 12)
    }
}
