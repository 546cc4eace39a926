import FoundationEssentials
import Testing

@testable import UploadGateway

@Suite struct PreconditionsTests {
    private let modifiedAt = Date(timeIntervalSince1970: 784_111_777.4)
    private let date = "Sun, 06 Nov 1994 08:49:37 GMT"
    private let earlier = "Sun, 06 Nov 1994 08:49:36 GMT"

    @Test func writesAndReadsDates() throws {
        #expect(HTTPDate.string(from: modifiedAt) == date)
        #expect(HTTPDate.parse(date) == Date(timeIntervalSince1970: 784_111_777))
        #expect(HTTPDate.string(from: Date(timeIntervalSince1970: 951_782_400)) == "Tue, 29 Feb 2000 00:00:00 GMT")
        for text in [
            "", "yesterday", "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun 06 Nov 1994 1:1 GMT",
        ] {
            #expect(HTTPDate.parse(text) == nil)
        }
    }

    @Test(arguments: ["\"abc\"", "W/\"abc\"", "*", "\"x\", \"abc\"", "\"x\",W/\"abc\" "])
    func matchesEntityTags(header: String) {
        #expect(Preconditions(ifNoneMatch: header).isFresh(etag: "abc", modifiedAt: modifiedAt))
    }

    @Test(arguments: ["\"abd\"", "abc", "", "\"\"", "\"x\", \"y\""])
    func ignoresOtherTags(header: String) {
        #expect(!Preconditions(ifNoneMatch: header, ifModifiedSince: date).isFresh(etag: "abc", modifiedAt: modifiedAt))
    }

    @Test func comparesDatesBySeconds() {
        #expect(Preconditions(ifModifiedSince: date).isFresh(etag: "a", modifiedAt: modifiedAt))
        #expect(!Preconditions(ifModifiedSince: earlier).isFresh(etag: "a", modifiedAt: modifiedAt))
        #expect(!Preconditions(ifModifiedSince: "nonsense").isFresh(etag: "a", modifiedAt: modifiedAt))
        #expect(!Preconditions().isFresh(etag: "a", modifiedAt: modifiedAt))
    }

    @Test func allowsARangeOnlyOfTheSameBytes() {
        #expect(Preconditions().allowsRange(etag: "a", modifiedAt: modifiedAt))
        #expect(Preconditions(ifRange: "\"a\"").allowsRange(etag: "a", modifiedAt: modifiedAt))
        #expect(!Preconditions(ifRange: "W/\"a\"").allowsRange(etag: "a", modifiedAt: modifiedAt))
        #expect(!Preconditions(ifRange: "\"b\"").allowsRange(etag: "a", modifiedAt: modifiedAt))
        #expect(Preconditions(ifRange: date).allowsRange(etag: "a", modifiedAt: modifiedAt))
        #expect(!Preconditions(ifRange: earlier).allowsRange(etag: "a", modifiedAt: modifiedAt))
    }
}
