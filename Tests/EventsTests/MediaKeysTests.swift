import Events
import Testing

@Suite struct MediaKeysTests {
    private let keys: MediaKeys
    private let base = "projects/holiday/017f22e2-79b0-7cc3-98c4-dc0c0c07398f"

    init() throws {
        keys = MediaKeys(
            projectId: try #require(ProjectID("holiday")),
            mediaId: try #require(MediaID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")))
    }

    @Test func laysOutAMedia() {
        #expect(keys.prefix == base + "/")
        #expect(keys.manifest == base + "/manifest.json")
        #expect(keys.original(fileName: "a.jpg") == base + "/original/a.jpg")
        #expect(keys.derived("hls/v1/1.ts") == base + "/derived/hls/v1/1.ts")
    }

    @Test func findsAMediaAgainByItsKeys() throws {
        for (key, place) in [
            (keys.manifest, MediaKeys.Place.manifest), (keys.original(fileName: "x"), .original),
            (keys.derived("thumb.webp"), .derived), (keys.derived("hls/v1/1.ts"), .derived),
        ] {
            let parsed = try #require(MediaKeys.parse(key))
            #expect(parsed.keys == keys)
            #expect(parsed.place == place)
        }
    }

    @Test(arguments: [
        "", "/", "projects", "BASE", "BASE/", "BASE/original", "BASE/original/", "BASE/original/a/b", "BASE/original/..",
        "BASE/derived", "BASE/derived/", "BASE/derived/../original/a", "BASE/derived//a", "BASE/derived/./a",
        "BASE/manifest.json/x", "BASE/manifest", "BASE/other/x", "/BASE/manifest.json", "x/BASE/manifest.json",
        "projects/Holiday/017f22e2-79b0-7cc3-98c4-dc0c0c07398f/manifest.json", "projects/holiday/17/manifest.json",
        "system/keys/1.json",
    ])
    func refusesForeignKeys(_ key: String) { #expect(MediaKeys.parse(key.replacing("BASE", with: base)) == nil) }

    @Test(arguments: [
        ("beach.jpg", "beach.jpg"), ("../../etc/passwd", "passwd"), ("C:\\photos\\a b.jpg", "a-b.jpg"), ("", "original"),
        ("...", "original"), ("/", "original"), (".htaccess", "htaccess"), ("-rf", "rf"), ("a\0b.png", "a-b.png"),
        ("a\r\nb.png", "a--b.png"), ("😀.jpg", "jpg"), ("Grüße.png", "Gr--e.png"), ("名前.png", "png"), ("a%2f..%2fb", "a-2f..-2fb"),
        ("_x_", "_x_"), ("___", "original"), ("🇩🇪", "original"),
    ])
    func makesFileNamesSafe(_ name: String, _ safe: String) { #expect(MediaKeys.safeFileName(name) == safe) }

    @Test func boundsFileNamesAndKeepsTheirExtension() {
        let long = MediaKeys.safeFileName(String(repeating: "a", count: 300) + ".jpeg")
        #expect(long.utf8.count == 100)
        #expect(long.hasSuffix("a.jpeg"))
        #expect(MediaKeys.safeFileName("a." + String(repeating: "b", count: 300)).utf8.count == 100)
    }

    @Test func everySafeNameMakesAKeyThatIsFoundAgain() {
        for _ in 0..<2000 {
            let scalars = (0..<Int.random(in: 0...12)).compactMap { _ in Unicode.Scalar(UInt32.random(in: 0...0x2ff)) }
            let name = String(String.UnicodeScalarView(scalars))
            let safe = MediaKeys.safeFileName(name)
            #expect(MediaKeys.parse(keys.original(fileName: name))?.place == .original, "\(name) → \(safe)")
            #expect(MediaKeys.safeFileName(safe) == safe, "\(name) → \(safe)")
        }
    }
}
