import Redis
import Testing

@testable import Notifier

@Suite struct FeedRingTests {
    private func id(_ number: Int) -> StreamID { StreamID("\(number)-0") ?? .zero }

    private func entries(_ numbers: some Sequence<Int>) -> [FeedEntry] {
        numbers.compactMap { FeedEntry(.array([.string("\($0)-0"), .array([.string("event"), .string("{}")])]), publicURL: "") }
    }

    @Test func streamIDs() {
        #expect(StreamID("5-10")?.description == "5-10")
        #expect((StreamID("5-9") ?? .zero) < (StreamID("5-10") ?? .zero))
        #expect((StreamID("5-9") ?? .zero) < (StreamID("6-0") ?? .zero))
        for bad in ["", "-", "5", "5-", "-5", "5-5-5", "+5-1", "a-1", "18446744073709551616-0", "5-1 ", "٥-1"] {
            #expect(StreamID(bad) == nil, "\(bad)")
        }
    }

    @Test func cursors() {
        #expect(FeedCursor("1-0,2-3", partitions: 2)?.description == "1-0,2-3")
        for bad in ["", "1-0", "1-0,", "1-0,2-0,3-0", "1-0,x", ","] { #expect(FeedCursor(bad, partitions: 2) == nil, "\(bad)") }
    }

    @Test func answersWhatLiesBehindAnId() {
        var ring = FeedRing(floor: id(10))
        ring.append(entries([11, 13, 15]))
        #expect(ring.entries(after: id(10), limit: 9)?.map(\.id) == [id(11), id(13), id(15)])
        #expect(ring.entries(after: id(12), limit: 1)?.map(\.id) == [id(13)])
        #expect(ring.entries(after: id(15), limit: 9)?.isEmpty == true)
        #expect(ring.entries(after: id(9), limit: 9) == nil)
        #expect(ring.entries(after: id(16), limit: 9) == nil)
        ring.append(entries([14, 15]))
        #expect(ring.tail == id(15))
    }

    @Test func isBounded() {
        var ring = FeedRing(floor: .zero)
        ring.append(entries(1...(FeedRing.maxEntries + 5)))
        #expect(ring.floor == id(5))
        #expect(ring.entries(after: id(4), limit: 1) == nil)
        #expect(ring.entries(after: id(5), limit: 5000)?.count == FeedRing.maxEntries)
    }
}
