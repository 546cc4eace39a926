import Events
import Testing

@Suite struct ProjectIDTests {
    @Test(arguments: ["a", "0", "holiday-2026", "a--b-", String(repeating: "x", count: 63)])
    func accepts(_ text: String) { #expect(ProjectID(text)?.rawValue == text) }

    @Test(arguments: [
        "", "-a", "A", "a b", "a_b", "a.b", "a/b", "..", "ä", "a\0", "a\n", "{x}", "*", String(repeating: "x", count: 64),
    ])
    func refuses(_ text: String) { #expect(ProjectID(text) == nil) }
}
