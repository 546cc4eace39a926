import NIOCore
import ObjectStore

extension StoreConformance {
    static let concurrency = [
        Check("readers never see half an object") { subject in
            let (store, key) = (subject.store, subject.prefix + "contended")
            let bodies = (0..<4).map { bytes(400_000 + $0 * 100_000, seed: UInt64($0 + 1)) }
            try await store.put(key, bodies[0], contentType: type)
            try await withThrowingTaskGroup { group in
                for body in bodies {
                    group.addTask { for _ in 0..<5 { try await store.put(key, body, contentType: type) } }
                    group.addTask { for _ in 0..<10 { try await readWhole(store, key, oneOf: bodies) } }
                }
                try await group.waitForAll()
            }
        },
        Check("an object being read stays itself when replaced or deleted") { subject in
            let (store, key, old) = (subject.store, subject.prefix + "a", bytes(2_000_000))
            try await store.put(key, old, contentType: type)
            var chunks = try await store.read(key, range: nil).chunks.makeAsyncIterator()
            var got = try await chunks.next() ?? ByteBuffer()
            try await store.put(key, bytes(2_000_000, seed: 2), contentType: type)
            try await store.delete(key)
            while let chunk = try await chunks.next() { got.writeImmutableBuffer(chunk) }
            try expect(got == old, "the bytes are the old ones")
        },
        Check("putting and deleting beside each other ends in one or the other") { subject in
            let (store, prefix) = (subject.store, subject.prefix)
            try await withThrowingTaskGroup { group in
                for number in 0..<8 {
                    group.addTask {
                        for round in 0..<20 {
                            try await store.put("\(prefix)d/e/\(number)", bytes(round), contentType: type)
                            try await store.delete("\(prefix)d/e/\(number)")
                        }
                        try await store.put("\(prefix)d/e/\(number)", bytes(100), contentType: type)
                    }
                }
                try await group.waitForAll()
            }
            try expectSame(try await store.list(prefix: prefix, startAfter: nil, limit: 100).count, 8, "the number of objects")
        },
    ]

    private static func readWhole(_ store: any ObjectStore, _ key: String, oneOf bodies: [ByteBuffer]) async throws {
        let content = try await store.read(key, range: nil)
        var got = ByteBuffer()
        for try await chunk in content.chunks { got.writeImmutableBuffer(chunk) }
        try expectSame(Int64(got.readableBytes), content.info.size, "the size read")
        try expect(bodies.contains(got), "the bytes are of one writer")
        for body in bodies where body == got {
            try expectSame(Int64(body.readableBytes), content.info.size, "the size told")
        }
    }
}
