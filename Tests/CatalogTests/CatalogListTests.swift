import Catalog
import Events
import FoundationEssentials
import RedisBus
import Testing

@Suite struct CatalogListTests {
    @Test func newestFirstOverPartitionsAndStatuses() async throws {
        let rig = try await CatalogRig()
        let stories = try (0..<25).map { _ in try Story() }
        for (index, story) in stories.enumerated() { try await rig.make(story, until: MediaStatus.allCases[index % 5]) }
        try await rig.make(try Story(project: "other"), until: .ready)
        let project = stories[0].keys.projectId
        let expected = stories.map(\.keys.mediaId).sorted(by: >)
        #expect(Set(expected.map { $0.partition(of: 3) }).count == 3)

        let (all, next) = try await rig.catalog.list(project: project, limit: 100)
        #expect(all.map(\.mediaId) == expected && next == nil)
        for status in MediaStatus.allCases {
            let (items, _) = try await rig.catalog.list(project: project, status: status, limit: 100)
            #expect(items.count == 5 && items.allSatisfy { $0.status == status && $0.projectId == project })
        }
        #expect(try await pages(rig.catalog, project, limit: 7).map(\.count) == [7, 7, 7, 4])
        #expect(try await pages(rig.catalog, project, limit: 5).map(\.count) == [5, 5, 5, 5, 5])
        #expect(try await pages(rig.catalog, project, limit: 1).joined().map(\.mediaId) == expected)
        #expect(try await rig.catalog.list(project: ProjectID("nobody").unwrapped(), limit: 5).items.isEmpty)
        await rig.close()
    }

    @Test func aCursorStaysValidWhateverComesAndGoes() async throws {
        let rig = try await CatalogRig()
        let stories = try (0..<6).map { _ in try Story() }.sorted { $0.keys.mediaId > $1.keys.mediaId }
        for story in stories { try await rig.make(story, until: .uploading) }
        let project = stories[0].keys.projectId
        let (first, cursor) = try await rig.catalog.list(project: project, limit: 3)
        for item in first {
            guard case (.inFlight(let record), let version)? = try await rig.catalog.entry(item.mediaId) else { continue }
            _ = try await rig.bus.commit(record.deleted(stories[0].context(version)))
        }
        let (second, next) = try await rig.catalog.list(project: project, cursor: cursor.unwrapped(), limit: 3)
        #expect(second.map(\.mediaId) == stories[3...].map(\.keys.mediaId) && next == nil)
        #expect(try await rig.catalog.list(project: project, limit: 10).items.count == 3)
        await #expect(throws: CatalogError.self) { try await rig.catalog.list(project: project, cursor: "bad", limit: 3) }
        await rig.close()
    }

    private func pages(_ catalog: Catalog, _ project: ProjectID, limit: Int) async throws -> [[MediaListItem]] {
        var pages: [[MediaListItem]] = []
        var cursor: String?
        repeat {
            let (items, next) = try await catalog.list(project: project, cursor: cursor, limit: limit)
            pages.append(items)
            cursor = next
        } while cursor != nil && pages.count < 100
        return pages
    }
}
