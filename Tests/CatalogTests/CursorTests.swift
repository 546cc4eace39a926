import Events
import Testing

@testable import Catalog

@Suite struct CursorTests {
    @Test func comesBack() throws {
        let id = MediaID.generate()
        #expect(try Cursor.decode(Cursor.encode(id)) == id)
        #expect(try Cursor.decode(nil) == nil)
    }

    @Test(arguments: [
        "", "x", "====", "MDE5", "../..", String(repeating: "A", count: 10_000), String(repeating: "A", count: 22),
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398f", "🐈",
    ])
    func refusesAnythingElse(cursor: String) {
        #expect { try Cursor.decode(cursor) } throws: { ($0 as? CatalogError)?.code == .invalidCursor }
    }

    @Test func refusesAnotherSpellingOfTheSame() throws {
        let cursor = Cursor.encode(.generate())
        for other in [cursor + "=", " " + cursor, cursor + "\n"] {
            #expect(throws: CatalogError.self) { try Cursor.decode(other) }
        }
    }
}
