import HTTPClient
import Testing

@Suite struct EventStreamParserTests {
    private func events(_ text: String, chunk: Int = .max) throws -> [EventStreamEvent] {
        var parser = EventStreamParser()
        var events: [EventStreamEvent] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            events += try parser.append(rest.prefix(chunk))
            rest = rest.dropFirst(chunk)
        }
        return events
    }

    @Test(arguments: [1, 2, 3, 7, 1000], ["\n", "\r\n", "\r"])
    func readsEventsFromAnyChunks(chunk: Int, newline: String) throws {
        let lines = [
            "\u{feff}: hello", "retry: 100", "id: 1", "", "event: a", "id: 2", "data: ü", "data:  two", "", "data", "",
            "event: lost",
            "", "data:x", "id", "",
        ]
        let events = try events((lines + [""]).joined(separator: newline), chunk: chunk)
        #expect(events.map(\.name) == ["a", "message", "message"])
        #expect(events.map(\.id) == ["2", "2", ""])
        #expect(events.map(\.data) == ["ü\n two", "", "x"])
    }

    @Test func anUnfinishedEventIsNone() throws {
        var parser = EventStreamParser()
        #expect(try parser.append("id: 1\n\nid: 2\ndata: x\n".utf8).isEmpty)
        #expect(parser.lastEventID == "1")
        #expect(try parser.append("\n".utf8).count == 1)
        #expect(parser.lastEventID == "2")
    }

    @Test func keepsIdAndRetryOfBlocksWithoutData() throws {
        var parser = EventStreamParser()
        #expect(try parser.append("retry: 250\nid: 7-1\n\n".utf8).isEmpty)
        #expect(parser.lastEventID == "7-1")
        #expect(parser.retry == .milliseconds(250))
    }

    @Test func anEndlessEventIsRefused() {
        var parser = EventStreamParser()
        let line = Array(("data: " + String(repeating: "x", count: 1000) + "\n").utf8)
        let error = #expect(throws: HTTPClientError.self) { for _ in 0..<2000 { _ = try parser.append(line) } }
        #expect(error?.code == .tooLarge)
    }

    @Test func manyHeartbeatsAreNotOneLongEvent() throws {
        var parser = EventStreamParser()
        let block = Array((":" + String(repeating: " ", count: 1000) + "\n\n").utf8)
        for _ in 0..<2000 { #expect(try parser.append(block).isEmpty) }
    }
}
