import Events
import ObjectStore
import Recovery
import Testing

@Suite struct StoreWalkTests {
    private func fill(_ rig: RecoveryRig) async throws -> [StoredMedia] {
        try await rig.put("projects/demo/no-media/original/a.jpg")
        try await rig.put("projects/stray.txt")
        try await rig.put("system/keys/1.json")
        for status in [nil, .ready, nil, nil, .failed, nil] as [MediaStatus?] { _ = try await rig.media(status) }
        let onlyDerived = MediaKeys(projectId: rig.project, mediaId: .generate())
        for number in 0..<7 { try await rig.put(onlyDerived.derived("img/\(number).webp")) }
        return try await media(rig, pageSize: 1000)
    }

    private func media(_ rig: RecoveryRig, from position: String = "", pageSize: Int) async throws -> [StoredMedia] {
        var (walk, all) = (StoreWalk(rig.store, from: position, pageSize: pageSize), [StoredMedia]())
        while let page = try await walk.next() { all += page }
        return all
    }

    @Test func everyMediaIsMetOnceWhateverThePages() async throws {
        let rig = try await RecoveryRig()
        #expect(try await media(rig, pageSize: 10).isEmpty)
        let all = try await fill(rig)
        #expect(all.count == 7 && all.map(\.keys.mediaId) == all.map(\.keys.mediaId).sorted())
        #expect(all.map(\.hasManifest) == [false, true, false, false, true, false, false])
        #expect(all.map { $0.original != nil } == [true, true, true, true, true, true, false])
        for pageSize in 1...12 { #expect(try await media(rig, pageSize: pageSize) == all, "\(pageSize)") }
        await rig.close()
    }

    @Test func goesOnFromEveryPosition() async throws {
        let rig = try await RecoveryRig()
        let all = try await fill(rig)
        for pageSize in 1...5 {
            var (walk, met) = (StoreWalk(rig.store, pageSize: pageSize), [StoredMedia]())
            while let page = try await walk.next() {
                met += page
                #expect(met + (try await media(rig, from: walk.position, pageSize: 3)) == all)
            }
        }
        await rig.close()
    }
}
