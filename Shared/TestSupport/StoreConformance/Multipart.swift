import NIOCore
import ObjectStore

extension StoreConformance {
    /// S3 wants 5 MiB of each part but the last.
    static let partSize = 5 << 20

    static let multipart = [
        Check("parts become one object") { subject in
            let upload = try await Upload(subject, "video.mp4")
            try await upload.send(2, bytes(1000, seed: 2))
            try await upload.send(1, bytes(partSize))
            let parts = try await subject.store.parts(of: upload.id, key: upload.key)
            try expectSame(parts.map(\.number), [1, 2], "the parts' numbers")
            try expectSame(parts.map(\.size), [Int64(partSize), 1000], "the parts' sizes")
            try expect(try await subject.store.head(upload.key) == nil, "there is no object before it is complete")
            let info = try await upload.complete(parts)
            try expectSame(info.size, Int64(partSize + 1000), "the size")
            try expectSame(info.contentType, "video/mp4", "the type")
            var right = bytes(partSize)
            right.writeImmutableBuffer(bytes(1000, seed: 2))
            try expect(try await subject.store.readAll(upload.key, limit: 10 << 20) == right, "the bytes are the parts' in order")
            try expectSame(try await subject.store.head(upload.key)?.etag, info.etag, "the tag of head")
        },
        Check("a repeated completion answers the same") { subject in
            let upload = try await Upload(subject, "a")
            try await upload.send(1, bytes(1000))
            let parts = try await subject.store.parts(of: upload.id, key: upload.key)
            let first = try await upload.complete(parts)
            let second = try await upload.complete(parts)
            try expectSame(second.etag, first.etag, "the tag")
            try expectSame(second.size, first.size, "the size")
        },
        Check("completions beside each other agree") { subject in
            let upload = try await Upload(subject, "a")
            try await upload.send(1, bytes(100_000))
            let parts = try await subject.store.parts(of: upload.id, key: upload.key)
            let tags = try await withThrowingTaskGroup { group in
                for _ in 0..<8 { group.addTask { try await upload.complete(parts).etag } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            try expectSame(tags.count, 1, "the number of different tags")
        },
        Check("a missing or different part is told") { subject in
            let upload = try await Upload(subject, "a")
            try await upload.send(1, bytes(1000))
            let right = try await subject.store.parts(of: upload.id, key: upload.key)
            let wrong = [
                right + [PartInfo(number: 2, size: 10, etag: right[0].etag)],
                [PartInfo(number: 1, size: 1000, etag: String(repeating: "0", count: 32))], [], right + right,
                [PartInfo(number: 0, size: 1000, etag: right[0].etag)],
            ]
            for parts in wrong {
                try await expectError(.invalidPart, "\(parts)") { _ = try await upload.complete(parts) }
            }
            try expect(try await subject.store.head(upload.key) == nil, "nothing was made")
            _ = try await upload.complete(right)
        },
        Check("a part that comes again replaces the former") { subject in
            let upload = try await Upload(subject, "a")
            try await upload.send(1, bytes(1000))
            let old = try await subject.store.parts(of: upload.id, key: upload.key)
            try await upload.send(1, bytes(2000, seed: 2))
            let new = try await subject.store.parts(of: upload.id, key: upload.key)
            try expectSame(new.map(\.size), [2000], "the parts' sizes")
            try await expectError(.invalidPart, "the former part") { _ = try await upload.complete(old) }
            _ = try await upload.complete(new)
            try expect(
                try await subject.store.readAll(upload.key, limit: 2000) == bytes(2000, seed: 2), "the bytes are the new ones")
        },
        Check("an aborted upload is forgotten") { subject in
            let upload = try await Upload(subject, "a")
            try await upload.send(1, bytes(1000))
            let parts = try await subject.store.parts(of: upload.id, key: upload.key)
            try await subject.store.abortMultipart(upload.key, uploadId: upload.id)
            try await subject.store.abortMultipart(upload.key, uploadId: upload.id)
            try await expectError(.unknownUpload, "completing") { _ = try await upload.complete(parts) }
            try await expectError(.unknownUpload, "listing parts") {
                _ = try await subject.store.parts(of: upload.id, key: upload.key)
            }
            let isAccepted = try await upload.tryToSend(2, bytes(10)) != nil
            try expect(!isAccepted, "a part of an aborted upload is refused")
        },
        Check("an upload belongs to its key") { subject in
            let upload = try await Upload(subject, "a")
            try await upload.send(1, bytes(1000))
            let parts = try await subject.store.parts(of: upload.id, key: upload.key)
            for id in [upload.id, "", "../x", String(repeating: "0", count: 32)] {
                let key = subject.prefix + "other"
                try await expectError(.unknownUpload, "completing \(id)") {
                    _ = try await subject.store.completeMultipart(key, uploadId: id, parts: parts)
                }
                try await subject.store.abortMultipart(key, uploadId: id)
            }
            _ = try await upload.complete(parts)
        },
        Check("a completion never replaces another object") { subject in
            let upload = try await Upload(subject, "a")
            try await upload.send(1, bytes(1000))
            let parts = try await subject.store.parts(of: upload.id, key: upload.key)
            try await subject.store.put(upload.key, bytes(5), contentType: type)
            try await expectError(.alreadyExists, "completing") { _ = try await upload.complete(parts) }
            try expectSame(try await subject.store.head(upload.key)?.size, 5, "the size")
        },
    ]

    private struct Upload: Sendable {
        let subject: Subject
        let key: String
        let id: String

        init(_ subject: Subject, _ name: String) async throws {
            self.subject = subject
            key = subject.prefix + name
            id = try await subject.store.beginMultipart(key, contentType: "video/mp4")
        }

        func send(_ number: Int, _ body: ByteBuffer) async throws {
            let tag = try await tryToSend(number, body)
            try expect(tag != nil, "part \(number) is accepted")
        }

        func tryToSend(_ number: Int, _ body: ByteBuffer) async throws -> String? {
            let request = PresignRequest(
                .putPart(uploadId: id, number: number), key: key, size: Int64(body.readableBytes), contentType: "video/mp4",
                lifetime: .seconds(60))
            return try await subject.perform(try await subject.store.presign(request), body)
        }

        func complete(_ parts: [PartInfo]) async throws -> ObjectInfo {
            try await subject.store.completeMultipart(key, uploadId: id, parts: parts)
        }
    }
}
