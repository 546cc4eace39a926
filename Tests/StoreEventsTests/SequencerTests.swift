import FoundationEssentials
import Testing

@testable import StoreEvents

@Suite struct SequencerTests {
    @Test func theShorterOneIsFilledUpWithZeros() throws {
        let ordered = ["00", "0055AED6DCD90281E5", "0055AED6DCD90281E51", "0055aed6dcd90281e6", "1", "2"].map { Sequencer($0) }
        for (left, right) in zip(ordered, ordered.dropFirst()) {
            #expect(try #require(left) < (try #require(right)))
            #expect(try !(#require(right) < #require(left)))
        }
        #expect(Sequencer("1A") == Sequencer("1a0000"))
        #expect(Sequencer("") == nil && Sequencer("xyz") == nil && Sequencer(nil) == nil)
        #expect(Sequencer(String(repeating: "1", count: 129)) == nil)
    }

    /// Both from one server: the first was written 264 ms before the second, though its text is the greater one.
    @Test func cephsAreTimes() throws {
        let (put, complete) = ("1B3B036BF75FBC04", "1B3B036B77DA2714")
        #expect(put > complete)
        #expect(try #require(Sequencer(ceph: put)) < (try #require(Sequencer(ceph: complete))))
        #expect(Sequencer(ceph: "1B3B") == nil && Sequencer(ceph: "1B3B036B77DA271X") == nil)
    }

    @Test func ofEachObjectTheNewestCreationStays() throws {
        let aws = { (key: String, kind: StoreEvent.Kind, sequencer: String?) in
            var event = StoreEvent(.aws, kind, bucket: "b", key: key)
            event.sequencer = Sequencer(sequencer)
            return event
        }
        let events = [
            aws("late", .removed, "20"), aws("late", .created, "1F"), aws("twice", .created, "30"), aws("twice", .created, "30"),
            aws("twice", .created, "2F"), aws("unordered", .created, nil), aws("unordered", .removed, nil),
        ]
        #expect(StoreEvent.newest(of: events) == [events[0], events[1], events[3], events[5], events[6]])
        #expect(StoreEvent.newest(of: []).isEmpty)
    }
}
