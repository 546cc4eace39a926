import Testing

@testable import UploadGateway

@Suite struct PartLayoutTests {
    private let mebibyte: Int64 = 1 << 20

    @Test(arguments: [1, 5 << 20, (5 << 20) + 1, 52_428_800_001, 5 << 30, 5 << 40] as [Int64])
    func partsCoverTheObjectExactly(size: Int64) {
        let layout = PartLayout(size: size, atLeast: 5 * mebibyte)
        let sizes = (1...layout.count).map(layout.size(of:))
        #expect(sizes.reduce(0, +) == size)
        #expect(sizes.dropLast().allSatisfy { $0 == layout.partSize })
        #expect(sizes.allSatisfy { $0 > 0 })
        #expect(layout.count <= 10_000)
        #expect(layout.partSize >= 5 * mebibyte)
    }

    @Test func growsInWholeMebibytesOnlyWhenItMust() {
        #expect(PartLayout(size: 10_000 * 5 * mebibyte, atLeast: 5 * mebibyte).partSize == 5 * mebibyte)
        #expect(PartLayout(size: 10_000 * 5 * mebibyte + 1, atLeast: 5 * mebibyte).partSize == 6 * mebibyte)
    }
}
