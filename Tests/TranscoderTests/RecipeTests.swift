import Testing

@testable import Transcoder

@Suite struct RecipeTests {
    @Test func theNameTellsWhatIsMadeOfWhat() throws {
        let recipe = Recipe(ladder: Ladder(), encoding: Encoding())
        let name = try recipe.hash(etag: "a")
        #expect(name.count == 16 && name.allSatisfy { $0.isHexDigit && !$0.isUppercase })
        #expect(try recipe.hash(etag: "b") != name)
        var other = Encoding()
        other.preset = "slow"
        #expect(try Recipe(ladder: Ladder(), encoding: other).hash(etag: "a") != name)
        var ladder = Ladder()
        ladder.sides = [1080]
        #expect(try Recipe(ladder: ladder, encoding: Encoding()).hash(etag: "a") != name)
        var libraries = recipe
        libraries.libraries[0] += "1"
        #expect(try libraries.hash(etag: "a") != name)
    }

    @Test func threadsDoNotMakeAnotherStream() throws {
        var many = Encoding()
        many.threads = 64
        let few = Recipe(ladder: Ladder(), encoding: Encoding())
        #expect(try Recipe(ladder: Ladder(), encoding: many).hash(etag: "a") == few.hash(etag: "a"))
    }

    @Test func theEncodersAreNamed() {
        for name in ["libx264.so.", "libx265.so.", "libSvtAv1Enc.so.", "libavcodec.so."] {
            #expect(EncoderLibraries.loaded.contains { $0.hasPrefix(name) }, "\(EncoderLibraries.loaded)")
        }
    }
}
