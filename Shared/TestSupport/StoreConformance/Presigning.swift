import FoundationEssentials
import NIOCore
import ObjectStore

extension StoreConformance {
    static let presigning = [
        Check("a presigned URL takes what it was made for") { subject in
            for key in ["photo.jpg", "a b+c%d/é?#&=.png", "caf\u{E9}", "cafe\u{301}"] {
                let request = try await presign(subject, key, size: 1000)
                try expectSame(request.method, "PUT", "the method")
                let tag = try await subject.perform(request, bytes(1000))
                let head = try await subject.store.head(subject.prefix + key)
                try expect(tag != nil && tag == head?.etag, "the answer's tag is the object's")
                try expectSame(head?.contentType, "image/jpeg", "the type")
                try expect(
                    try await subject.store.readAll(subject.prefix + key, limit: 1000) == bytes(1000), "the bytes are the same")
            }
            let empty = try await subject.perform(try await presign(subject, "empty", size: 0), ByteBuffer())
            try expect(empty != nil, "an empty body is a body")
        },
        Check("a presigned URL never replaces an object") { subject in
            let request = try await presign(subject, "a", size: 10)
            try expect(try await subject.perform(request, bytes(10)) != nil, "the first is accepted")
            try expect(try await subject.perform(request, bytes(10, seed: 2)) == nil, "the second is refused")
            try expect(try await subject.store.readAll(subject.prefix + "a", limit: 10) == bytes(10), "the bytes are the first")
        },
        Check("of many uploads beside each other one wins") { subject in
            let request = try await presign(subject, "a", size: 50_000)
            let accepted = try await withThrowingTaskGroup { group in
                for seed in 1...6 { group.addTask { try await subject.perform(request, bytes(50_000, seed: UInt64(seed))) } }
                return try await group.reduce(into: [String]()) { if let tag = $1 { $0.append(tag) } }
            }
            try expectSame(accepted.count, 1, "the number of winners")
            try expectSame(try await subject.store.head(subject.prefix + "a")?.etag, accepted.first, "the winner's tag")
        },
        Check("another size, type, key or signature is refused and stores nothing") { subject in
            let right = try await presign(subject, "dir/a", size: 10)
            var changed =
                right.withChangedQueries + [
                    right.replacing(url: right.url.replacing("dir/a", with: "dir/b")), right.replacing(type: "text/html"),
                    right.replacing(url: String(right.url.prefix { $0 != "?" })),
                ]
            changed.append(
                right.replacing(url: try await presign(subject, "dir/c", size: 10).url.replacing("dir/c", with: "dir/d")))
            for request in changed {
                try expect(try await subject.perform(request, bytes(10)) == nil, "refused: \(request.url) \(request.headers)")
            }
            for count in [0, 9, 11, 100_000] {
                try expect(try await subject.perform(right, bytes(count)) == nil, "\(count) bytes instead of 10 are refused")
            }
            let left = try await subject.store.list(prefix: subject.prefix, startAfter: nil, limit: 10)
            try expect(left.isEmpty, "nothing is stored")
            try expect(try await subject.perform(right, bytes(10)) != nil, "the right one is accepted")
        },
        Check("an expired URL is refused") { subject in
            let request = try await presign(subject, "a", size: 10, lifetime: .seconds(1))
            while Date() <= request.expiresAt { try await Task.sleep(for: .milliseconds(50)) }
            try expect(try await subject.perform(request, bytes(10)) == nil, "refused")
            try expect(try await subject.store.head(subject.prefix + "a") == nil, "nothing is stored")
        },
    ]

    private static func presign(
        _ subject: Subject, _ key: String, size: Int64, lifetime: Duration = .seconds(60)
    ) async throws -> PresignedRequest {
        let key = subject.prefix + key
        return try await subject.store.presign(
            PresignRequest(.put, key: key, size: size, contentType: "image/jpeg", lifetime: lifetime))
    }
}

extension PresignedRequest {
    /// As many as the URL has parameters: in each another one differs.
    fileprivate var withChangedQueries: [PresignedRequest] {
        let parts = url.split(separator: "?", maxSplits: 1)
        let pairs = parts[1].split(separator: "&").map(String.init)
        return pairs.indices.map { changed in
            let query = pairs.indices.map { pairs[$0] + ($0 == changed ? "1" : "") }
            return replacing(url: "\(parts[0])?\(query.joined(separator: "&"))")
        }
    }

    fileprivate func replacing(url: String) -> PresignedRequest {
        PresignedRequest(method: method, url: url, headers: headers, expiresAt: expiresAt)
    }

    fileprivate func replacing(type: String) -> PresignedRequest {
        PresignedRequest(method: method, url: url, headers: headers.merging(["Content-Type": type]) { $1 }, expiresAt: expiresAt)
    }
}
