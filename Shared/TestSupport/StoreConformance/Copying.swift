import NIOCore
import ObjectStore

extension StoreConformance {
    static let copying = [
        Check("a copy has the bytes and the type, and stays when its source goes") { subject in
            let (source, copy) = (subject.prefix + "in/café 1.jpg", subject.prefix + "copy")
            try await subject.store.put(source, bytes(100_000), contentType: "image/jpeg")
            try await subject.store.put(copy, bytes(5), contentType: type)
            let info = try await subject.store.copy(source, to: copy)
            try await subject.store.delete(source)
            try expectSame(info.key, copy, "the key")
            try expectSame(info.size, 100_000, "the size")
            try expectSame(try await subject.store.head(copy)?.contentType, "image/jpeg", "the type")
            try expectSame(try await subject.store.head(copy)?.etag, info.etag, "the tag")
            try expect(try await subject.store.readAll(copy, limit: 1 << 20) == bytes(100_000), "the bytes are the source's")
        },
        Check("a copy replaces what is there, or does not, as it is asked") { subject in
            let (source, copy) = (subject.prefix + "in/a", subject.prefix + "copy")
            let put = try await subject.store.put(source, bytes(100), contentType: type)
            let made = try await subject.store.copy(source, to: copy, ifMatch: put.etag, replacing: false)
            try await subject.store.put(source, bytes(200), contentType: type)
            try await expectError(.alreadyExists, "copying again") {
                try await subject.store.copy(source, to: copy, ifMatch: nil, replacing: false)
            }
            try expectSame(try await subject.store.head(copy)?.etag, made.etag, "the tag of the first")
            try expectSame(try await subject.store.copy(source, to: copy).size, 200, "the size of the second")
        },
        Check("nothing is copied of what is not there") { subject in
            let copy = subject.prefix + "copy"
            try await expectError(.notFound, "copying") { try await subject.store.copy(subject.prefix + "none", to: copy) }
            try expect(try await subject.store.head(copy) == nil, "there is no copy")
        },
        Check("parts are written from memory as well") { subject in
            let key = subject.prefix + "parts"
            let id = try await subject.store.beginMultipart(key, contentType: "video/mp4")
            _ = try await subject.store.putPart(1, of: id, key: key, bytes(partSize, seed: 3))
            let first = try await subject.store.putPart(1, of: id, key: key, bytes(partSize))
            let last = try await subject.store.putPart(2, of: id, key: key, bytes(10, seed: 2))
            let parts = try await subject.store.parts(of: id, key: key)
            try expectSame(parts, [first, last], "the parts")
            let info = try await subject.store.completeMultipart(key, uploadId: id, parts: parts)
            try expectSame(info.size, Int64(partSize + 10), "the size")
            var right = bytes(partSize)
            right.writeImmutableBuffer(bytes(10, seed: 2))
            try expect(try await subject.store.readAll(key, limit: 10 << 20) == right, "the bytes are the parts' in order")
            try await expectError(.unknownUpload, "a part that comes too late") {
                _ = try await subject.store.putPart(1, of: id, key: key, bytes(1))
            }
        },
    ]
}
