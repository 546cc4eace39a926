import ObjectStore
import Testing

@Suite struct ByteRangeTests {
    @Test(arguments: [
        ("bytes=0-99", ByteRange.from(0, through: 99)), ("bytes=5-", .from(5, through: nil)), ("bytes=-7", .last(7)),
        ("BYTES=0-0", .from(0, through: 0)), ("bytes= 1-2 ", .from(1, through: 2)), ("bytes=-0", .last(0)),
        ("bytes=00-01", .from(0, through: 1)), ("bytes=0-99999999999999999999999", .from(0, through: Int64.max)),
        ("bytes=99999999999999999999999-", .from(Int64.max, through: nil)),
    ])
    func wellFormed(_ header: String, _ range: ByteRange) { #expect(ByteRange.parse(header) == range) }

    @Test(arguments: [
        "", "bytes", "bytes=", "bytes=-", "bytes=2-1", "bytes=0-1,3-4", "bytes=a-b", "bytes=0x1-2", "bytes=+1-2", "bytes=1 -2",
        "bytes=--1", "bytes=1--2", "items=0-1", "bytes:0-1", "bytes=٠-١", "bytes=0-1=", " bytes=0-1", "bytes=1-2-3", "bytes=０-１",
    ])
    func ignored(_ header: String) { #expect(ByteRange.parse(header) == nil) }

    @Test func resolvedRangesLieInsideTheObject() {
        for _ in 0..<20_000 {
            let size = Self.number()
            let range: ByteRange =
                switch Int.random(in: 0..<3) {
                case 0: .from(Self.number(), through: nil)
                case 1: .from(Self.number(), through: Self.number())
                default: .last(Self.number())
                }
            guard let bytes = range.resolve(size: size) else { continue }
            #expect(!bytes.isEmpty && bytes.lowerBound >= 0 && bytes.upperBound <= size, "\(range) of \(size)")
        }
    }

    @Test func anyTextIsParsedOrIgnored() {
        let pieces = [
            "bytes", "=", "-", ",", " ", "\t", "0", "9", "99999999999999999999", "é", "\u{0}", "-1", "bytes=", "\u{301}",
        ]
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0...7)).map { _ in pieces.randomElement() ?? "" }.joined()
            guard let range = ByteRange.parse(text) else { continue }
            #expect(ByteRange.parse(Self.header(range)) == range, "\(text.debugDescription)")
        }
    }

    private static func header(_ range: ByteRange) -> String {
        switch range {
        case .from(let first, let last): "bytes=\(first)-\(last.map(String.init) ?? "")"
        case .last(let count): "bytes=-\(count)"
        }
    }

    private static func number() -> Int64 {
        [0, 1, 2, 10, 11, Int64.max, Int64.max - 1, Int64.random(in: 0...20)].randomElement() ?? 0
    }
}

@Suite struct EntityTagTests {
    @Test(arguments: ["\"abc\"", "W/\"abc\"", "*", " \"x\" , \"abc\"\t", "\"x\",W/\"abc\""])
    func matching(_ header: String) { #expect(EntityTag.matches(header, "abc")) }

    @Test(arguments: ["", "abc", "\"ab\"", "\"abcd\"", "w/\"abc\"", "\"x\", \"y\"", "W/abc", ",,,"])
    func notMatching(_ header: String) { #expect(!EntityTag.matches(header, "abc")) }

    @Test func onlyTheStrongTagIsTheSame() {
        #expect(EntityTag.isSame("\"abc\"", "abc"))
        #expect(!EntityTag.isSame("W/\"abc\"", "abc") && !EntityTag.isSame("*", "abc"))
        #expect(EntityTag.header("abc") == "\"abc\"")
    }
}
