import ObjectStore
import Testing

@Suite struct ObjectKeyTests {
    /// What a file system makes of a path, byte by byte; nil when it leaves its directory or names one.
    private func walk(_ key: String) -> [[UInt8]]? {
        var folders: [[UInt8]] = []
        for part in Array(key.utf8).split(separator: 47, omittingEmptySubsequences: false) {
            if part.isEmpty || part == [46] || part == [46, 46] || part.count > 255 || part.contains(0) { return nil }
            folders.append(Array(part))
        }
        return folders
    }

    @Test func aValidKeyIsAPathThatStaysInside() {
        let pieces = [
            "/", "/", ".", "..", "a", "é", "e\u{301}", "\u{301}", "\u{0}", "\n", "\\", "%2F", " ", "😀", "\u{200D}", "\u{9F}",
        ]
        var valid = 0
        for _ in 0..<50_000 {
            let key = (0..<Int.random(in: 0...8)).map { _ in pieces.randomElement() ?? "" }.joined()
            let hasControl = key.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
            let isRight = walk(key) != nil && !hasControl
            #expect(ObjectKey.isValid(key) == isRight, "\(key.debugDescription)")
            valid += isRight ? 1 : 0
        }
        #expect(valid > 1000)
    }

    @Test func lengthsAreCountedInBytes() {
        #expect(ObjectKey.isValid(String(repeating: "é", count: 127)))
        #expect(!ObjectKey.isValid(String(repeating: "é", count: 128)))
        let long = String(repeating: "abc/", count: 255) + "abcd"
        #expect(ObjectKey.isValid(long) && !ObjectKey.isValid(long + "e"))
    }
}
