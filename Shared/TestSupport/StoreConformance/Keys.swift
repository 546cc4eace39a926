import ObjectStore

extension StoreConformance {
    /// Each a key of its own; two look alike and differ only in their Unicode normal form.
    static let awkwardKeys = [
        "two words.txt", "a+b=c&d?e#f.txt", "100%.txt", "%2e%2e/%2F", "quote\"'`.txt", "back\\slash", "~tilde;,:@!$*()",
        "größe/日本語/😀.jpg", "caf\u{E9}", "cafe\u{301}", "...", "..a/.b", "trailing.", "-rf", String(repeating: "x", count: 255),
        String(repeating: "d/", count: 300) + "deep",
    ]

    static let keys = [
        Check("awkward keys are kept byte by byte") { subject in
            let store = subject.store
            for (number, key) in awkwardKeys.enumerated() {
                try await store.put(subject.prefix + key, bytes(number + 1), contentType: type)
            }
            for (number, key) in awkwardKeys.enumerated() {
                try expectSame(try await store.head(subject.prefix + key)?.size, Int64(number + 1), "the size of \(key)")
                let same = try await store.list(prefix: subject.prefix + key, startAfter: nil, limit: 10)
                let isListed = same.contains { $0.key.utf8.elementsEqual((subject.prefix + key).utf8) }
                try expect(isListed, "\(key) is listed")
            }
            for key in awkwardKeys { try await store.delete(subject.prefix + key) }
            let left = try await store.list(prefix: subject.prefix, startAfter: nil, limit: 100)
            try expect(left.isEmpty, "all are deleted, not \(left.map(\.key))")
        },
        Check("what is no key is refused everywhere") { subject in
            let store = subject.store
            let wrong = [
                "", "/", "/a", "a/", "a//b", ".", "..", "a/../b", "../a", "a/.", "a\u{0}b", "a\nb", "a\u{7F}", "a\u{85}",
                String(repeating: "x", count: 256), String(repeating: "ab/", count: 342) + "c", "/\u{301}a", "a/\u{301}/../b",
            ]
            for key in wrong {
                try await expectError(.invalidKey, "head \(key.debugDescription)") { _ = try await store.head(key) }
                try await expectError(.invalidKey, "read \(key.debugDescription)") { _ = try await store.read(key, range: nil) }
                try await expectError(.invalidKey, "put \(key.debugDescription)") {
                    try await store.put(key, bytes(1), contentType: type)
                }
                try await expectError(.invalidKey, "delete \(key.debugDescription)") { try await store.delete(key) }
                try await expectError(.invalidKey, "upload \(key.debugDescription)") {
                    _ = try await store.beginMultipart(key, contentType: type)
                }
                try await expectError(.invalidKey, "presign \(key.debugDescription)") {
                    _ = try await store.presign(
                        PresignRequest(.put, key: key, size: 1, contentType: type, lifetime: .seconds(60)))
                }
            }
        },
    ]
}
