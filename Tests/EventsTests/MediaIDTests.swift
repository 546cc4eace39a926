import Events
import FoundationEssentials
import Testing

@Suite struct MediaIDTests {
    @Test func readsTheExampleOfItsRFC() throws {
        // RFC 9562, appendix A.6: Tuesday, 22 February 2022, 19:22:22 UTC.
        let id = try #require(MediaID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"))
        #expect(id.createdAt == Date(timeIntervalSince1970: 1_645_557_742))
    }

    @Test(arguments: [
        "", "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0",
        "017F22E2-79B0-7CC3-98C4-DC0C0C07398F", "017f22e2-79b0-4cc3-98c4-dc0c0c07398f", "017f22e2-79b0-7cc3-c8c4-dc0c0c07398f",
        "017f22e279b07cc398c4dc0c0c07398f", "017f22e2-79b0-7cc3-98c4-dc0c0c07398g", "017f22e2_79b0-7cc3-98c4-dc0c0c07398f",
        "{17f22e2-79b0-7cc3-98c4-dc0c0c07398f", "017f22e2-79b0-7cc3-98c4-dc0c0c0739é", "../../../../../../../../../../etc/pwd",
    ])
    func refuses(_ text: String) { #expect(MediaID(text) == nil) }

    @Test func madeIDsAreValidUniqueAndSortByTime() throws {
        let start = Date(timeIntervalSince1970: 1_795_379_760.5)
        let ids = (0..<1000).map { MediaID.generate(at: start.addingTimeInterval(Double($0))) }
        #expect(ids == ids.sorted())
        #expect(Set((0..<1000).map { _ in MediaID.generate(at: start) }).count == 1000)
        for (number, id) in ids.enumerated() {
            #expect(MediaID(id.rawValue) == id)
            #expect(abs(id.createdAt.timeIntervalSince(start) - Double(number)) < 0.0015)
        }
    }

    @Test func theCompactFormSortsAndComesBack() throws {
        let start = Date(timeIntervalSince1970: 1_795_379_760.5)
        let ids = (0..<1000).map { MediaID.generate(at: start.addingTimeInterval(Double($0 / 100))) }.shuffled()
        #expect(ids.sorted().map(\.compact) == ids.map(\.compact).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        for id in ids { #expect(id.compact.utf8.count == 22 && MediaID(compact: id.compact) == id) }
        // The RFC's example in base 64, computed apart.
        #expect(MediaID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")?.compact == "-0UmAXTQ0wktY3r-kB0naE")
    }

    @Test(arguments: [
        "", "----------------------", "zzzzzzzzzzzzzzzzzzzzzz", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f", "3zzzzzzzzzzzzzzzzzzzzz",
        "-0=zzzzzzzzzzzzzzzzzzz", "-0zzzzzzzzzzzzzzzzzzzé", String(repeating: "-", count: 10_000),
    ])
    func refusesAsCompact(_ text: String) { #expect(MediaID(compact: text) == nil) }

    @Test(arguments: [-1.0, 0, 281_474_976_710.655, 1e15])
    func makesValidIDsAtAnyTime(_ seconds: Double) {
        let id = MediaID.generate(at: Date(timeIntervalSince1970: seconds))
        #expect(MediaID(id.rawValue) == id)
    }

    /// FNV-1a, computed apart: where a media lives must never change.
    @Test func staysInItsPartition() throws {
        let id = try #require(MediaID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"))
        #expect([1, 2, 3, 16, 1000].map(id.partition) == expectedPartitions)
        #expect(id.partition(of: 0) == 0)
        #expect(id.partition(of: -3) == 0)
    }

    @Test(arguments: [2, 3, 8])
    func spreadsOverPartitions(_ partitions: Int) {
        var counts = [Int](repeating: 0, count: partitions)
        for _ in 0..<3000 { counts[MediaID.generate().partition(of: partitions)] += 1 }
        let fair = 3000 / partitions
        #expect(counts.allSatisfy { (fair / 2...fair * 2).contains($0) }, "\(counts)")
    }

    private let expectedPartitions = [0, 0, 2, 10, 818]
}
