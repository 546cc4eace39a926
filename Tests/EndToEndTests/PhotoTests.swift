import Events
import Foundation
import HTTPClient
import TestSupport
import Testing
import Vips

/// A photo goes through the whole pipeline, as a newcomer would send it.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct PhotoTests {
    @Test("every format becomes ready, with everything that the status promises")
    func everyFormat() async throws {
        let stack = try await RunningStack.start()
        for (name, type) in Samples.all {
            let presigned = try await stack.upload(try Samples.bytes(name), named: name, type: type)
            let status = try await stack.finished(presigned.mediaId)
            #expect(status.status == .ready, "\(name): \(String(describing: status.error))")
            try await expectComplete(status, of: stack)
            try await expectManifest(presigned, of: stack)
        }
        let list = try await stack.call("GET", "/api/v2/media?projectId=demo&status=ready&limit=4")
        #expect((list.json["items"] as? [Any])?.count == 4)
        #expect(list.json["nextCursor"] is String)
        try await stack.stop()
    }

    @Test("a picture taken with GPS tells it to nobody without a key")
    func privacy() async throws {
        let stack = try await RunningStack.start()
        let presigned = try await stack.upload(try Samples.photo, named: "holiday.jpg")
        let status = try await stack.finished(presigned.mediaId)
        let manifest = try await stack.call("GET", "/api/v2/media/\(presigned.mediaId)")
        #expect(manifest.text.contains("latitude"))

        let anonymous = HTTPClient.Request("GET", "\(stack.url)/files/\(presigned.key)")
        #expect(try await stack.http.send(anonymous).status == 401)
        let manifestKey = presigned.key.components(separatedBy: "original/")[0] + "manifest.json"
        let file = HTTPClient.Request("GET", "\(stack.url)/files/\(manifestKey)")
        #expect(try await stack.http.send(file).status == 401)
        let original = try await stack.call("GET", "/files/\(presigned.key)")
        #expect(original.status == 200)
        #expect(original.body == (try Samples.photo))

        let links = status.processed.thumbnails.compactMap(\.url) + ["\(stack.url)/img/\(presigned.key)?w=500&f=jpeg"]
        for link in links {
            let picture = try await stack.http.send(HTTPClient.Request("GET", link))
            #expect(picture.status == 200)
            #expect(!contains(picture.body, "Exif") && !contains(picture.body, "GPS"), "\(link) holds metadata")
        }
        try await stack.stop()
    }

    @Test("files come in ranges, with entity tags, through the edge")
    func delivery() async throws {
        let stack = try await RunningStack.start()
        let photo = try Samples.photo
        let presigned = try await stack.upload(photo, named: "photo.jpg")
        let ranged = try await stack.call("GET", "/files/\(presigned.key)", headers: [("Range", "bytes=100-199")])
        #expect(ranged.status == 206)
        #expect(ranged.body == Array(photo[100..<200]))
        #expect(ranged.header("content-range") == "bytes 100-199/\(photo.count)")
        let etag = try #require(ranged.header("etag"))
        #expect(try await stack.call("GET", "/files/\(presigned.key)", headers: [("If-None-Match", etag)]).status == 304)
        let beyond = try await stack.call("GET", "/files/\(presigned.key)", headers: [("Range", "bytes=\(photo.count)-")])
        #expect(beyond.status == 416)
        try await expectConditionsOnDerived(presigned, of: stack)
        try await stack.stop()
    }

    /// Derived files need no key, and nginx sends them: the conditions are upload-gateway's all the same.
    private func expectConditionsOnDerived(_ presigned: RunningStack.Presigned, of stack: RunningStack) async throws {
        let thumbnail = try #require(try await stack.finished(presigned.mediaId).processed.thumbnails.first?.url)
        let whole = try await stack.http.send(HTTPClient.Request("GET", thumbnail))
        let etag = try #require(whole.header("etag"))
        for tags in [etag, "W/\(etag)", "\"other\", \(etag)", "*"] {
            let same = try await stack.http.send(HTTPClient.Request("GET", thumbnail, headers: [("If-None-Match", tags)]))
            #expect(same.status == 304 && same.body.isEmpty && same.header("etag") == etag, "\(tags): \(same.status)")
        }
        let other = try await stack.http.send(HTTPClient.Request("GET", thumbnail, headers: [("If-None-Match", "\"other\"")]))
        #expect(other.status == 200 && other.body == whole.body)
    }

    private func expectComplete(_ status: MediaStatusChanged, of stack: RunningStack) async throws {
        #expect(status.progress == 1)
        #expect(status.blurhash?.isEmpty == false)
        #expect(status.thumbhash?.isEmpty == false)
        let lqip = try #require(status.processed.lqip)
        #expect(lqip.hasPrefix("data:image/") && lqip.utf8.count < 1000)
        #expect(!status.processed.thumbnails.isEmpty)
        for thumbnail in status.processed.thumbnails {
            let answer = try await stack.http.send(HTTPClient.Request("GET", try #require(thumbnail.url)))
            #expect(answer.status == 200)
            #expect(answer.body.count == thumbnail.bytes)
            #expect(answer.header("content-type") == "image/\(thumbnail.format)")
            let loader = try #require(ImageLoader(rawValue: thumbnail.format))
            let header = try ImageFile(answer.body, loader: loader).header
            #expect(header.width == thumbnail.width && header.height == thumbnail.height)
        }
    }

    private func expectManifest(_ presigned: RunningStack.Presigned, of stack: RunningStack) async throws {
        let manifest = try await stack.call("GET", "/api/v2/media/\(presigned.mediaId)")
        #expect(manifest.status == 200)
        for field in ["mediaId", "metadata", "variants", "original", "steps", "revision"] {
            #expect(manifest.json[field] != nil, "the manifest lacks \(field)")
        }
    }

    private func contains(_ bytes: [UInt8], _ text: String) -> Bool { Data(bytes).range(of: Data(text.utf8)) != nil }
}
