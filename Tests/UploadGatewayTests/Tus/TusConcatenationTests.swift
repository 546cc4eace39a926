import Events
import FoundationEssentials
import Logging
import ObjectStore
import TestSupport
import Testing

@testable import UploadGateway

@Suite(.timeLimit(.minutes(3))) struct TusConcatenationTests {
    private static let partial = ("Upload-Concat", "partial")

    @Test func piecesBecomeOneMedia() async throws {
        try await TestGateway.with { gateway in
            let bytes = TestGateway.bytes((18 << 20) + 7)
            var urls: [String] = []
            for (start, end) in [(0, 9 << 20), (9 << 20, (9 << 20) + 1), ((9 << 20) + 1, bytes.count)] {
                let url = try await gateway.tusCreate(end - start, [Self.partial])
                #expect(try await gateway.tusPatch(url, at: 0, Array(bytes[start..<end])).status == 204)
                let head = try await gateway.tus("HEAD", url)
                #expect(head.header("upload-concat") == "partial" && head.header("upload-offset") == "\(end - start)")
                urls.append(url)
            }
            let list = try await gateway.send("GET", "/api/v2/media?projectId=demo").bytes
            #expect(String(decoding: list, as: UTF8.self).contains("\"items\":[]"), "they are no media")
            let final = [("Upload-Concat", "final;" + urls.joined(separator: " ")), TestGateway.tusMetadata("all.jpg")]
            #expect(try await gateway.tus("POST", "/api/v2/tus", final, token: gateway.otherToken).status == 403)
            let answer = try await gateway.tus("POST", "/api/v2/tus", final)
            #expect(answer.status == 201)
            let url = try #require(answer.header("location"))
            #expect(try await gateway.tusOffset(url) == bytes.count)
            let media = TestGateway.media(url)
            #expect(try await gateway.original(media) == bytes)
            #expect(try await gateway.events(on: .mediaUploaded, about: media) == 1)
            #expect(try gateway.storedFiles().count == 1, "the pieces are gone")
            #expect(try await gateway.tus("HEAD", urls[0]).status == 404)
            // The answer was lost on its way.
            let again = try await gateway.tus("POST", "/api/v2/tus", final)
            #expect(again.status == 201 && again.header("location") == url)
            #expect(try await gateway.tus("POST", "/api/v2/tus", final, token: gateway.otherToken).status == 404)
            #expect(try await gateway.events(on: .mediaUploaded, about: media) == 1)
            #expect(try gateway.storedFiles().count == 1)
        }
    }

    @Test func thosePutTogetherTwiceAtOnceAreOneMedia() async throws {
        try await TestGateway.with { gateway in
            let bytes = TestGateway.bytes((17 << 20) + 7)
            var urls: [String] = []
            for piece in [bytes[..<(9 << 20)], bytes[(9 << 20)...]] {
                let url = try await gateway.tusCreate(piece.count, [Self.partial])
                #expect(try await gateway.tusPatch(url, at: 0, Array(piece)).status == 204)
                urls.append(url)
            }
            let final = [("Upload-Concat", "final;" + urls.joined(separator: " ")), TestGateway.tusMetadata("all.jpg")]
            let answers = try await withThrowingTaskGroup(of: TestGateway.Answer.self) { group in
                for _ in 0..<4 { group.addTask { try await gateway.tus("POST", "/api/v2/tus", final) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.status == 201 }, "\(answers.map(\.code))")
            let locations = Set(answers.map { $0.header("location") ?? "" })
            let media = TestGateway.media(try #require(locations.first))
            #expect(locations.count == 1)
            #expect(try await gateway.original(media) == bytes)
            #expect(try await gateway.events(on: .mediaUploaded, about: media) == 1)
            #expect(try gateway.storedFiles().count == 1, "nothing else is left")
        }
    }

    @Test func unfinishedAndUnknownPiecesAreRefused() async throws {
        try await TestGateway.with { gateway in
            let url = try await gateway.tusCreate(5, [Self.partial])
            #expect(try await gateway.tusPatch(url, at: 0, [1, 2]).status == 204)
            let post = { (list: String) in
                try await gateway.tus(
                    "POST", "/api/v2/tus", [("Upload-Concat", "final;" + list), TestGateway.tusMetadata("a.jpg")])
            }
            let early = try await post(url)
            #expect(early.status == 409 && early.code == "notUploaded")
            #expect(try await post("").status == 400)
            #expect(try await post("/api/v2/tus/\(MediaID.generate())").status == 404)
            let media = try await gateway.tusCreate(5)
            #expect(try await post(media).status == 404, "a media is no piece")
            #expect(try await gateway.tus("DELETE", url).status == 204)
            #expect(try await gateway.tus("HEAD", url).status == 404)
        }
    }

    @Test func piecesThatNobodyPutsTogetherAreRemovedInTime() async throws {
        try await TestGateway.with { gateway in
            let done = try await gateway.tusCreate(5, [Self.partial])
            _ = try await gateway.tusPatch(done, at: 0, Array("hello".utf8))
            let begun = try await gateway.tusCreate(5, [Self.partial])
            _ = try await gateway.tusPatch(begun, at: 0, [1])
            let partials = TusPartials(store: gateway.store, lifetime: .seconds(60))
            let tidier = TusTidier(
                catalog: gateway.catalog, store: gateway.store, partials: partials, logger: Logger(label: "test"))
            try await tidier.tidy()
            #expect(try await gateway.tusOffset(begun) == 1)
            try await tidier.tidy(now: Date(timeIntervalSinceNow: 2 * 86_400))
            #expect(try gateway.storedFiles().isEmpty)
        }
    }
}
