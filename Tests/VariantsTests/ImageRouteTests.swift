import Events
import HTTPClient
import HTTPServer
import Logging
import NIOCore
import NIOPosix
import ObjectStore
import TestSupport
import Testing

@testable import Variants
@testable import Vips

@Suite struct ImageRouteTests {
    @Test func thePictureIsFittedConvertedAndStripped() async throws {
        try await withServer { shop, get in
            let jpeg = try photo(width: 800, height: 600).encoded(as: .jpeg, quality: 90)
            _ = try await shop.putOriginal(PrivateMetadata.insert(into: jpeg, orientation: 8))
            let path = "/img/" + shop.originalKey
            for (query, type, size) in [
                ("?w=90", "image/jpeg", (90, 120)), ("?h=100&f=webp&q=50", "image/webp", (75, 100)),
                ("?w=100&h=40&f=png", "image/png", (30, 40)), ("?w=60&f=avif", "image/avif", (60, 80)),
                ("", "image/jpeg", (600, 800)), ("?w=4096&h=4096&f=auto", "image/jpeg", (600, 800)),
            ] {
                let answer = try await get(path + query, [])
                #expect(answer.status == 200, "\(query)")
                #expect(answer.header("content-type") == type)
                #expect(answer.header("cache-control") == "public, max-age=604800")
                #expect(answer.header("x-content-type-options") == "nosniff")
                #expect((PrivateMetadata.traces + ["Exif"]).allSatisfy { answer.body.firstRange(of: Array($0.utf8)) == nil })
                let loader = try #require(ImageLoader(recognising: answer.body))
                #expect("image/\(loader.rawValue)" == type)
                let header = try ImageFile(answer.body, loader: loader).header
                #expect((header.width, header.height) == size, "\(query)")
                #expect(header.exif == nil && header.orientation == 1)
            }
        }
    }

    @Test func theFormatFollowsAccept() async throws {
        try await withServer { shop, get in
            _ = try await shop.putOriginal(try photo(width: 40, height: 30).encoded(as: .png, quality: 1))
            let path = "/img/" + shop.originalKey
            for (accept, type) in [
                ("image/avif,image/webp,*/*;q=0.8", "image/webp"), ("image/webp;q=0", "image/jpeg"),
                ("image/webp ; q=0.5", "image/webp"), ("*/*", "image/jpeg"), ("image/webpx", "image/jpeg"),
            ] {
                let answer = try await get(path, [("Accept", accept)])
                #expect(answer.header("content-type") == type, "\(accept)")
                #expect(answer.header("vary")?.lowercased().contains("accept") == true)
            }
            let fixed = try await get(path + "?f=png", [("Accept", "image/webp")])
            #expect(fixed.header("content-type") == "image/png")
            #expect(fixed.header("vary") == nil)
        }
    }

    @Test func entityTagsSaveTheWork() async throws {
        try await withServer { shop, get in
            _ = try await shop.putOriginal(try photo(width: 40, height: 30).encoded(as: .png, quality: 1))
            let path = "/img/" + shop.originalKey + "?w=20&f=webp"
            let tag = try #require(try await get(path, []).header("etag"))
            let again = try await get(path, [("If-None-Match", "\"x\", W/\(tag)")])
            #expect(again.status == 304)
            #expect(again.body.isEmpty && again.header("etag") == tag && again.header("cache-control") != nil)
            #expect(try await get(path, [("If-None-Match", "\"x\"")]).status == 200)
            #expect(try await get(path + "&q=79", []).header("etag") != tag)
            _ = try await shop.putOriginal(try photo(width: 41, height: 30).encoded(as: .png, quality: 1))
            #expect(try await get(path, [("If-None-Match", tag)]).status == 200)
        }
    }

    @Test func badParametersAreNamed() async throws {
        try await withServer { shop, get in
            _ = try await shop.putOriginal(try photo(width: 40, height: 30).encoded(as: .png, quality: 1))
            for (query, name) in [
                ("w=0", "w"), ("w=4097", "w"), ("h=-1", "h"), ("h=1.5", "h"), ("w=+5", "w"), ("w=99999999999999999999", "w"),
                ("q=0", "q"), ("q=101", "q"), ("q=", "q"), ("f=tiff", "f"), ("f=", "f"), ("width=5", "width"), ("w=1&w=2", "w"),
            ] {
                let answer = try await get("/img/\(shop.originalKey)?\(query)", [])
                #expect(answer.status == 400, "\(query)")
                #expect(answer.header("content-type") == "application/problem+json")
                let text = String(decoding: answer.body, as: UTF8.self)
                #expect(text.contains("\"parameter\":\"\(name)\"") && text.contains("invalidParameter"), "\(text)")
            }
            #expect(try await get("/img/\(shop.originalKey)?w=%zz", []).status == 400)
        }
    }

    @Test func onlyOriginalsAreServed() async throws {
        try await withServer { shop, get in
            let derived = shop.keys.derived("img/x/1x1.png")
            _ = try await shop.store.put(
                derived, ByteBuffer(bytes: photo(width: 4, height: 3).encoded(as: .png, quality: 1)), contentType: "image/png")
            for path in [
                shop.originalKey, derived, shop.keys.manifest, "", "x", "system/keys/a.json", "../../etc/passwd",
                "\(shop.keys.prefix)original/..%2f..%2fmanifest.json", "\(shop.keys.prefix)original/%00", "%zz",
            ] {
                #expect(try await get("/img/\(path)", []).status == 404, "\(path)")
            }
        }
    }

    @Test func badOriginalsAreAClearError() async throws {
        try await withServer(["MILLRACE_IMAGE_MAX_BYTES": "20000"]) { shop, get in
            let path = "/img/" + shop.originalKey
            let png = try photo(width: 60, height: 40).encoded(as: .png, quality: 1)
            for (bytes, code) in [
                (png.dropLast(png.count / 2), "corruptMedia"), (Array("<svg xmlns='x'/>".utf8)[...], "unsupportedMediaType"),
                ([], "unsupportedMediaType"), (Array(repeating: 0, count: 20_001)[...], "originalTooLarge"),
                (
                    [0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0xff, 0xff, 0xff, 0xff, 3, 1, 0x22, 0, 2, 0x11, 1],
                    "tooManyPixels"
                ),
            ] {
                _ = try await shop.putOriginal(Array(bytes))
                let answer = try await get(path, [])
                #expect(answer.status == 422)
                #expect(String(decoding: answer.body, as: UTF8.self).contains("\"code\":\"\(code)\""), "\(code)")
            }
        }
    }

    @Test func anArchivedOriginalSaysHowItComesBack() async throws {
        try await withServer { shop, get in
            let original = try await shop.putOriginal(try photo(width: 40, height: 30).encoded(as: .png, quality: 1))
            let path = "/img/" + shop.originalKey + "?w=20&f=webp"
            let tag = try #require(try await get(path, []).header("etag"))
            for _ in 1...2 {
                try await shop.store.archive(try #require(try await shop.store.head(original.key)))
                let answer = try await get(path, [])
                let text = String(decoding: answer.body, as: UTF8.self)
                #expect(answer.status == 409 && answer.header("cache-control") == "no-store")
                #expect(text.contains(#""code":"originalArchived""#), "\(text)")
                #expect(text.contains("/api/v2/media/\(shop.keys.mediaId)/restore?projectId=shop"), "\(text)")
                #expect(try await get(path, [("If-None-Match", tag)]).status == 304, "who has it may keep it")
            }
            _ = try await shop.store.restore(original.key)
            #expect(try await get(path, []).header("etag") == tag)
        }
    }

    @Test func tooManyAtOnceAreAskedToComeBack() async throws {
        try await withServer(["MILLRACE_IMAGE_THREADS": "1", "MILLRACE_IMAGE_MAX_WAITING": "1"]) { shop, get in
            _ = try await shop.putOriginal(try photo(width: 2000, height: 1500).encoded(as: .jpeg, quality: 90))
            let answers = try await withThrowingTaskGroup(of: HTTPClient.Response.self) { tasks in
                for quality in 1...12 {
                    tasks.addTask { try await get("/img/\(shop.originalKey)?f=webp&q=\(quality)", []) }
                }
                return try await tasks.reduce(into: []) { $0.append($1) }
            }
            let refused = answers.filter { $0.status == 503 }
            #expect(!refused.isEmpty && refused.count <= 10, "\(refused.count)")
            #expect(refused.allSatisfy { $0.header("retry-after") == "1" })
            #expect(answers.filter { $0.status == 200 }.count + refused.count == 12)
        }
    }

    private func withServer(
        _ environment: [String: String] = [:],
        _ test: (Workshop, @escaping @Sendable (String, [(String, String)]) async throws -> HTTPClient.Response) async throws
            -> Void
    ) async throws {
        let shop = try Workshop(environment)
        defer { shop.directory.remove() }
        let router = makeRouter()
        ImageRoute(originals: shop.originals, settings: shop.settings).add(to: router)
        let service = HTTPService(router: router, host: "127.0.0.1", port: 0, logger: Logger(label: "test"))
        let client = HTTPClient()
        let server = Task { try await service.run() }
        let port = try await service.boundPort()
        try await test(shop) { path, headers in
            try await client.send(HTTPClient.Request("GET", "http://127.0.0.1:\(port)\(path)", headers: headers))
        }
        server.cancel()
        _ = await server.result
        await client.close()
    }
}
