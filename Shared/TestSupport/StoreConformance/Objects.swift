import NIOCore
import ObjectStore

extension StoreConformance {
    static let objects = [
        Check("an object is what was put") { subject in
            let (store, key, body) = (subject.store, subject.prefix + "a/photo.jpg", bytes(300_000))
            let put = try await store.put(key, body, contentType: "image/jpeg")
            try expectSame(put.key, key, "the key")
            try expectSame(put.size, 300_000, "the size")
            try expectSame(put.contentType, "image/jpeg", "the type")
            let head = try await store.head(key)
            try expectSame(head?.etag, put.etag, "the tag of head")
            try expectSame(head?.size, put.size, "the size of head")
            try expectSame(head?.contentType, "image/jpeg", "the type of head")
            try expectSame(try await store.readAll(key, limit: 300_000), body, "the bytes")
        },
        Check("putting again replaces all of it") { subject in
            let (store, key) = (subject.store, subject.prefix + "a")
            let first = try await store.put(key, bytes(1000), contentType: "text/plain")
            let second = try await store.put(key, bytes(10, seed: 2), contentType: "text/html")
            try expect(first.etag != second.etag, "the tag changes with the bytes")
            let content = try await store.read(key, range: nil)
            try expectSame(content.info.contentType, "text/html", "the type")
            try expectSame(try await store.readAll(key, limit: 10), bytes(10, seed: 2), "the bytes")
        },
        Check("an absent object is nil, not found, and deleted without error") { subject in
            let (store, key) = (subject.store, subject.prefix + "nothing/here")
            try expect(try await store.head(key) == nil, "head of nothing is nil")
            try await expectError(.notFound, "reading nothing") { _ = try await store.read(key, range: nil) }
            try await store.delete(key)
        },
        Check("a deleted object is gone and its key free") { subject in
            let (store, key) = (subject.store, subject.prefix + "x/y/z")
            try await store.put(key, bytes(10), contentType: type)
            try await store.delete(key)
            try expect(try await store.head(key) == nil, "head of a deleted object is nil")
            try await store.put(key, bytes(20), contentType: type)
            try expectSame(try await store.head(key)?.size, 20, "the size")
        },
        Check("an empty object is an object") { subject in
            let (store, key) = (subject.store, subject.prefix + "empty")
            let info = try await store.put(key, ByteBuffer(), contentType: "text/plain")
            try expectSame(info.size, 0, "the size")
            try expectSame(try await store.readAll(key, limit: 0), ByteBuffer(), "the bytes")
            try await expectError(.rangeNotSatisfiable, "a range of nothing") {
                _ = try await store.read(key, range: .from(0, through: nil))
            }
        },
        Check("a large object arrives in chunks") { subject in
            let (store, key, body) = (subject.store, subject.prefix + "large", bytes(5_000_001))
            try await store.put(key, body, contentType: type)
            var got = ByteBuffer()
            var largest = 0
            for try await chunk in try await store.read(key, range: nil).chunks {
                largest = max(largest, chunk.readableBytes)
                got.writeImmutableBuffer(chunk)
            }
            try expect(got == body, "the bytes are the same")
            try expect(largest <= 1 << 20, "a chunk has at most a megabyte, not \(largest) bytes")
        },
        Check("readAll keeps to its limit") { subject in
            let (store, key) = (subject.store, subject.prefix + "a")
            try await store.put(key, bytes(100), contentType: type)
            try await expectError(.tooLarge, "99 of 100 bytes") { _ = try await store.readAll(key, limit: 99) }
            try expectSame(try await store.readAll(key, limit: 100), bytes(100), "the bytes")
        },
        Check("the store is in order") { subject in try await subject.store.check() },
    ]

    static let ranges = [
        Check("ranges select exactly their bytes") { subject in
            let (store, key, body) = (subject.store, subject.prefix + "a", bytes(300_000))
            try await store.put(key, body, contentType: type)
            let cases: [(ByteRange, Range<Int>)] = [
                (.from(0, through: 0), 0..<1), (.from(0, through: nil), 0..<300_000),
                (.from(299_999, through: nil), 299_999..<300_000),
                (.from(131_071, through: 131_072), 131_071..<131_073), (.from(5, through: 1_000_000), 5..<300_000),
                (.last(1), 299_999..<300_000), (.last(300_000), 0..<300_000), (.last(300_001), 0..<300_000),
                (.from(10, through: 262_153), 10..<262_154), (.from(7, through: Int64.max), 7..<300_000),
            ]
            for (range, right) in cases {
                let content = try await store.read(key, range: range)
                var got = ByteBuffer()
                for try await chunk in content.chunks { got.writeImmutableBuffer(chunk) }
                try expectSame(content.range, Int64(right.lowerBound)..<Int64(right.upperBound), "\(range)")
                try expectSame(content.info.size, 300_000, "the whole size at \(range)")
                try expect(got == body.getSlice(at: right.lowerBound, length: right.count), "the bytes of \(range)")
            }
        },
        Check("a range behind the end is refused") { subject in
            let (store, key) = (subject.store, subject.prefix + "a")
            try await store.put(key, bytes(10), contentType: type)
            for range in [ByteRange.from(10, through: nil), .from(10, through: 20), .from(Int64.max, through: nil), .last(0)] {
                try await expectError(.rangeNotSatisfiable, "\(range)") { _ = try await store.read(key, range: range) }
            }
        },
    ]
}
