import Events
import Testing

@testable import Catalog

@Suite struct ManifestCacheTests {
    private func manifest() throws -> Manifest {
        let story = try Story()
        let record = MediaRecord.recovered(story.keys, StepRules(), story.context(0))
        return try Manifest(try record.failed(story.failed(.ingest), StepRules(), story.context(0)).unwrapped().record)
            .unwrapped()
    }

    @Test func answersOnlyTheRevisionAskedFor() throws {
        let cache = ManifestCache(capacity: 1000)
        let manifest = try manifest()
        cache.insert(manifest, bytes: 100)
        #expect(cache.manifest(of: manifest.mediaId, revision: manifest.revision) == manifest)
        #expect(cache.manifest(of: manifest.mediaId, revision: manifest.revision + 1) == nil)
    }

    @Test func staysWithinItsBytes() throws {
        let cache = ManifestCache(capacity: 1000)
        for _ in 0..<100 {
            cache.insert(try manifest(), bytes: 90)
            #expect(cache.bytes <= 1000)
        }
        cache.insert(try manifest(), bytes: 501)
        #expect(cache.bytes <= 1000)
    }

    @Test func keepsWhatIsUsed() throws {
        let cache = ManifestCache(capacity: 1000)
        let (used, unused) = (try manifest(), try manifest())
        cache.insert(used, bytes: 100)
        cache.insert(unused, bytes: 100)
        for _ in 0..<30 {
            cache.insert(try manifest(), bytes: 100)
            #expect(cache.manifest(of: used.mediaId, revision: used.revision) != nil)
        }
        #expect(cache.manifest(of: unused.mediaId, revision: unused.revision) == nil)
        #expect(cache.bytes <= 1000)
    }

    @Test func aManifestInsertedTwiceCountsOnce() throws {
        let cache = ManifestCache(capacity: 1000)
        let manifest = try manifest()
        for _ in 0..<10 { cache.insert(manifest, bytes: 100) }
        #expect(cache.bytes == 100)
    }
}
