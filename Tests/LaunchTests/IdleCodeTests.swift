import FoundationEssentials
import HTTPServer
import Testing

@testable import Launch

@Suite struct IdleCodeTests {
    @Test func onlyWhatIsInTheFileIsLetGo() {
        let smaps = """
            1000-3000 r-xp 00000000 fe:00 42                    /usr/lib/a library.so
            Size:                  8 kB
            Anonymous:             0 kB
            3000-4000 r--p 00002000 fe:00 42                    /usr/lib/relocated.so
            Anonymous:             4 kB
            4000-5000 rw-p 00003000 fe:00 42                    /usr/lib/written.so
            Anonymous:             0 kB
            5000-6000 r--p 00000000 00:00 0
            Anonymous:             0 kB
            6000-7000 r-xp 00000000 00:00 0                     [vdso]
            Anonymous:             0 kB
            7000-8000 r--s 00000000 fe:00 43                    /usr/lib/table
            Anonymous:             0 kB
            VmFlags: rd sh mr mw me ms
            """
        #expect(cleanMappings(smaps.split(separator: "\n").map(String.init)) == [0x1000..<0x3000, 0x7000..<0x8000])
        #expect(cleanMappings(["", "\n", "Anonymous: 0 kB", "zz-1 r-xp 0 0 0 /x", "Anonymous: 0 kB"]).isEmpty)
    }

    /// The whole test process keeps running after it.
    @Test func residentFilesShrink() throws {
        let before = try residentFiles()
        IdleCode(busIsFit: Once()).release()
        #expect(try residentFiles() < before / 2)
    }

    /// In kB.
    private func residentFiles() throws -> Int {
        let status = String(decoding: try Data(contentsOf: URL(filePath: "/proc/self/status")), as: UTF8.self)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("RssFile:") })
        return try #require(line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) })
    }
}
