import FoundationEssentials
import TestSupport
import Testing

@testable import StoreEvents

/// Hostile bodies: never a crash, never slow, nothing but an event within the limits or a typed error.
@Suite struct FuzzTests {
    @Test(arguments: Fixture.names) func mutatedBodies(_ name: String) throws {
        var random = SeededGenerator(seed: UInt64(name.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) }))
        let body = Array(try Fixture.body(name))
        for _ in 0..<400 {
            var mutant = body
            for _ in 0..<Int.random(in: 1...6, using: &random) { mutate(&mutant, &random) }
            check(Data(mutant))
        }
        for length in stride(from: 0, to: body.count, by: 7) { check(Data(body.prefix(length))) }
    }

    @Test func randomBytes() {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<5000 {
            check(Data((0..<Int.random(in: 0...64, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }))
        }
    }

    @Test(arguments: [
        "[", "{\"Records\":[", "{\"data\":", "[[],", "{\"Records\":[{\"data\":", "{\"specversion\":\"1.0\",\"data\":",
    ])
    func nestingWithoutEndTakesNoTime(_ text: String) {
        let start = ContinuousClock.now
        check(Data(String(repeating: text, count: (1 << 20) / text.utf8.count).utf8))
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test func longBodiesTakeNoTime() {
        let start = ContinuousClock.now
        for filling in ["\"a\",", "1,", "{},", "\"\\u0000\","] {
            check(Data(("{\"Records\":[" + String(repeating: filling, count: (1 << 20) / filling.utf8.count - 10)).utf8))
        }
        check(Data(("{\"Event\":\"" + String(repeating: "%", count: 1_000_000) + "\",\"Bucket\":\"\"}").utf8))
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0...5, using: &random) {
        case 0: bytes[place] = .random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(Array("\"{}[]:,%+\\0-.eE".utf8).randomElement(using: &random) ?? 0, at: place)
        case 3: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...40, using: &random)))
        case 4:
            let end = min(bytes.count, place + Int.random(in: 1...60, using: &random))
            bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &random))
        default: bytes.replaceSubrange(place..<place + 1, with: Array("99999999999999999999".utf8))
        }
    }

    private func check(_ body: Data) {
        var limits = StoreMessage.Limits()
        limits.records = 50
        do throws(StoreEventError) {
            switch try StoreMessage.parse(body, limits: limits) {
            case .events(let events):
                #expect(events.count <= 2 * limits.records)
                #expect(events.allSatisfy { $0.key.utf8.count <= 1024 })
                #expect(StoreEvent.newest(of: events).count <= events.count)
            case .sns(let message):
                #expect(message.signedText.contains(message.topic))
                _ = try message.events(limits: limits)
            }
        } catch {
            #expect(!error.description.isEmpty && error.description.utf8.count < 400)
        }
    }
}
