import ObjectStore
import TestSupport
import Testing

@Suite struct FileStoreConformanceTests {
    @Test(arguments: StoreConformance.checks) func fileStore(_ check: StoreConformance.Check) async throws {
        try await FileStoreFixture.withStore { fixture in
            try await check.run(fixture.subject)
            try await eventually("no temporary file is left") { fixture.files(in: "temporary").isEmpty }
        }
    }

    /// Two stores on one directory are two processes: they share nothing but the files.
    @Test func twoStoresOnOneDirectory() async throws {
        try await FileStoreFixture.withStore { fixture in
            let second = FileStoreFixture.again(fixture)
            let key = "a/b"
            try await fixture.store.put(key, Sample.bytes, contentType: "image/png")
            let (one, other) = (try await fixture.store.head(key), try await second.head(key))
            #expect(one != nil && one == other)
            let id = try await fixture.store.beginMultipart("m", contentType: "text/plain")
            #expect(try await second.parts(of: id, key: "m") == [])
        }
    }
}
