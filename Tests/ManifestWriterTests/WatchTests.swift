import FoundationEssentials
import Testing

@testable import ManifestWriter

@Suite struct WatchTests {
    private let start = Date()
    private func after(_ seconds: Double) -> Date { start.addingTimeInterval(seconds) }

    /// A watch that looks at these seconds and sees the deadlines each time.
    private func watch(seeingAt seconds: Double...) -> Watch {
        var watch = Watch(tolerating: .seconds(30), from: start)
        for second in seconds {
            watch.look(at: after(second))
            watch.seen(at: after(second))
        }
        return watch
    }

    @Test func smallGapsDoNotMatter() {
        var watch = watch(seeingAt: 5, 35, 65)
        watch.look(at: after(95))
        #expect(watch.since == start)
    }

    @Test func aLongGapBeginsAnew() {
        var watch = watch(seeingAt: 0, 5)
        watch.look(at: after(35.5))
        #expect(watch.since == after(35.5))
        watch.seen(at: after(36))
        watch.look(at: after(60))
        #expect(watch.since == after(35.5))
    }

    /// Redis is away, for a moment or for long, perhaps from the start: looks that see nothing are no watching.
    @Test func looksThatFailDoNotCount() {
        var watch = watch()
        for second in stride(from: 5.0, through: 30, by: 5) { watch.look(at: after(second)) }
        #expect(watch.since == start)
        for second in stride(from: 35.0, through: 90, by: 5) { watch.look(at: after(second)) }
        #expect(watch.since == after(90))
        watch.seen(at: after(90))
        watch.look(at: after(95))
        #expect(watch.since == after(90))
    }
}
