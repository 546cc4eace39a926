import NIOCore
import ObjectStore

extension StoreConformance {
    /// What a store must do with objects in cold storage.
    package struct ColdCheck: Sendable, CustomStringConvertible {
        package let description: String
        /// - Parameter freeze: lets an object be archived, and returns when it is.
        package let run: @Sendable (Subject, _ freeze: @Sendable (String) async throws -> Void) async throws -> Void
    }

    package static let coldChecks = [
        ColdCheck(description: "what is archived is listed and known, but not read") { subject, freeze in
            let key = subject.prefix + "cold/café 1.jpg"
            let put = try await subject.store.put(key, bytes(200_000), contentType: "image/jpeg")
            try await freeze(key)
            let head = try await subject.store.head(key)
            try expectSame(head?.state, .archived, "the state")
            try expectSame(head?.size, 200_000, "the size")
            try expectSame(head?.etag, put.etag, "the tag")
            try expectSame(head?.contentType, "image/jpeg", "the type")
            let listed = try await subject.store.list(prefix: subject.prefix, startAfter: nil, limit: 9)
            try expectSame(listed.map(\.state), [.archived], "the state in a listing")
            try expectSame(listed.map(\.size), [200_000], "the size in a listing")
            for range in [nil, ByteRange.from(5, through: 9)] {
                try await expectError(.archived, "reading") { _ = try await subject.store.read(key, range: range) }
            }
            try await expectError(.archived, "reading all") { _ = try await subject.store.readAll(key, limit: 1 << 20) }
        },
        ColdCheck(description: "what is restored is as it was") { subject, freeze in
            let key = subject.prefix + "cold/back"
            let put = try await subject.store.put(key, bytes(200_000), contentType: "image/jpeg")
            for _ in 1...2 {
                try await freeze(key)
                let info = try await subject.store.restore(key)
                try expect(info.state.isReadable, "it can be read, it is \(info.state)")
                try expectSame(try await subject.store.restore(key).etag, put.etag, "the tag, asked once more")
                try expectSame(try await subject.store.head(key)?.contentType, "image/jpeg", "the type")
                try expect(try await subject.store.readAll(key, limit: 1 << 20) == bytes(200_000), "the bytes are the same")
            }
        },
        ColdCheck(description: "what was never archived needs no restoring, what is not there cannot be") { subject, _ in
            let key = subject.prefix + "warm"
            let put = try await subject.store.put(key, bytes(10), contentType: type)
            try expectSame(try await subject.store.restore(key).etag, put.etag, "the tag")
            try await expectError(.notFound, "restoring nothing") { _ = try await subject.store.restore(subject.prefix + "none") }
        },
        ColdCheck(description: "what is archived can be replaced and deleted") { subject, freeze in
            let key = subject.prefix + "cold/old"
            try await subject.store.put(key, bytes(200_000), contentType: type)
            try await freeze(key)
            let put = try await subject.store.put(key, bytes(200_001, seed: 2), contentType: type)
            try expectSame(try await subject.store.head(key)?.state, .available, "the state of the new one")
            try expectSame(try await subject.store.restore(key).etag, put.etag, "the tag of the new one")
            try expect(try await subject.store.readAll(key, limit: 1 << 20) == bytes(200_001, seed: 2), "the new bytes")
            try await freeze(key)
            try await subject.store.delete(key)
            try expect(try await subject.store.head(key) == nil, "it is gone")
            try await expectError(.notFound, "restoring it") { _ = try await subject.store.restore(key) }
        },
    ]
}
