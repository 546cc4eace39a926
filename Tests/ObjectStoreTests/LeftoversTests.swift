import FoundationEssentials
import ObjectStore
import Testing

@Suite struct LeftoversTests {
    @Test func onlyOldLeftoversAreRemoved() async throws {
        try await FileStoreFixture.withStore { fixture in
            let store = fixture.store
            let (forgotten, active) = (
                try await store.beginMultipart("a", contentType: "a/b"), try await store.beginMultipart("b", contentType: "a/b")
            )
            for (name, hours) in [("old", 25.0), ("young", 23)] {
                let path = "\(fixture.root)/temporary/\(name)"
                #expect(FileManager.default.createFile(atPath: path, contents: Data("half".utf8)))
                try age(path, hours)
            }
            try age("\(fixture.root)/multipart/\(forgotten)", 24 * 8)
            try age("\(fixture.root)/multipart/\(active)", 24 * 6)

            await FileStoreFixture.again(fixture).tidy()
            #expect(fixture.files(in: "temporary") == ["young"])
            #expect(fixture.files(in: "multipart") == [active])
        }
    }

    private func age(_ path: String, _ hours: Double) throws {
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -hours * 3600)], ofItemAtPath: path)
    }
}
