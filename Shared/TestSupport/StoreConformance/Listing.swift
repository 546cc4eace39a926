import ObjectStore

extension StoreConformance {
    static let listing = [
        Check("listing is in order of bytes, directories or not") { subject in
            // "!" and "-" sort before "/", "0" and letters behind it.
            let names = ["a", "b!", "b-c", "b/a", "b/a!", "b/z/q", "b0", "bb", "c/d", "ca", "z", "é", "😀"]
            for name in names.shuffled() {
                try await subject.store.put(subject.prefix + "l/" + name, bytes(3), contentType: "text/plain")
            }
            let all = try await subject.store.list(prefix: subject.prefix + "l/", startAfter: nil, limit: 1000)
            try expectSame(all.map { String($0.key.dropFirst(subject.prefix.count + 2)) }, names, "the order")
            try expect(all.allSatisfy { $0.size == 3 && !$0.etag.isEmpty }, "size and tag are listed")
            for name in names { try await pageThrough(subject, from: name, in: names) }
        },
        Check("pages of any size give the same list") { subject in
            for number in 0..<40 {
                let key = "\(subject.prefix)p/\(number % 7)/\(number % 3 == 0 ? "x/" : "")\(number)"
                try await subject.store.put(key, bytes(1), contentType: type)
            }
            let whole = try await subject.store.list(prefix: subject.prefix + "p/", startAfter: nil, limit: 100).map(\.key)
            try expectSame(whole.count, 40, "the number of keys")
            for size in [1, 2, 3, 7, 39, 40, 41] {
                var paged: [String] = []
                while true {
                    let page = try await subject.store.list(prefix: subject.prefix + "p/", startAfter: paged.last, limit: size)
                    try expect(page.count <= size, "a page of \(size) has \(page.count)")
                    if page.isEmpty { break }
                    paged += page.map(\.key)
                }
                try expectSame(paged, whole, "pages of \(size)")
            }
        },
        Check("a prefix may end anywhere") { subject in
            for name in ["ab/c", "ab/d", "abc", "b"] {
                try await subject.store.put(subject.prefix + name, bytes(1), contentType: type)
            }
            let cases = [
                ("a", ["ab/c", "ab/d", "abc"]), ("ab/", ["ab/c", "ab/d"]), ("ab", ["ab/c", "ab/d", "abc"]), ("abc", ["abc"]),
                ("abcd", []), ("nothing/", []), ("ab/c/", []), ("../", []), ("a/../", []), ("ab//", []),
            ]
            for (prefix, right) in cases {
                let got = try await subject.store.list(prefix: subject.prefix + prefix, startAfter: nil, limit: 10)
                try expectSame(got.map { String($0.key.dropFirst(subject.prefix.count)) }, right, "prefix \(prefix)")
            }
            let none = try await subject.store.list(prefix: subject.prefix, startAfter: nil, limit: 0)
            try expect(none.isEmpty, "a limit of 0 gives nothing")
        },
    ]

    private static func pageThrough(_ subject: Subject, from name: String, in names: [String]) async throws {
        let prefix = subject.prefix + "l/"
        let rest = try await subject.store.list(prefix: prefix, startAfter: prefix + name, limit: 1000)
        let right = names.drop { $0 != name }.dropFirst()
        try expectSame(rest.map { String($0.key.dropFirst(prefix.count)) }, Array(right), "behind \(name)")
    }
}
