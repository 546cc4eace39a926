import Testing

@testable import AV

@Suite struct MeasuredRateTests {
    @Test(arguments: [
        ("a.mp4", Container.mp4, 24000.0 / 1001, "24000/1001"), ("a.mkv", .matroska, 30000.0 / 1001, "30000/1001"),
        ("b.mkv", .matroska, 240, "240"), ("b.mp4", .mp4, 240, "240"), ("a.ts", .mpegts, 50, "50"), ("a.avi", .avi, 15, "15"),
    ])
    func constantRates(_ name: String, _ container: Container, _ rate: Double, _ text: String) throws {
        let film = try Film(name, container, "-f lavfi -i testsrc2=s=64x36:r=\(text):d=3 -c:v libx264 -bf 3 -pix_fmt yuv420p")
        let cadence = try #require(try film.probe().cadence)
        #expect(abs(cadence.framesPerSecond - rate) < rate / 200, "\(cadence)")
        #expect(!cadence.isVariable)
    }

    @Test func framesOfDifferentLengths() throws {
        let film = try Film(
            "a.mp4", .mp4, Film.card("64x36", rate: 30, seconds: 4) + ",select='mod(n,3)+not(mod(n,7))' -vsync vfr -c:v libx264")
        let cadence = try #require(try film.probe().cadence)
        #expect(cadence.isVariable && (15...29).contains(cadence.framesPerSecond))
    }

    /// Half a minute of 30 frames a second, then half a minute of 15.
    @Test func aRateThatChangesLater() throws {
        let film = try Film(
            "a.mkv", .matroska,
            Film.card("64x36", rate: 30, seconds: 60) + ",select='lt(t,28)+not(mod(n,2))' -vsync vfr -c:v libx264 -g 60")
        #expect(try #require(try film.probe().cadence).isVariable)
    }

    @Test func onePictureHasNone() throws {
        let film = try Film("a.mp4", .mp4, Film.card("64x36") + " -frames:v 1 -c:v libx264")
        #expect(try film.probe().cadence == nil)
    }
}
