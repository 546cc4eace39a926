import FoundationEssentials
import Testing

@testable import ObjectStore

@Suite struct PresignTests {
    private let store = FileStore(root: "/nowhere", signingKey: FileStoreFixture.signingKey, publicURL: "http://localhost")
    private let key = "projects/p/a b/é.jpg"
    private let now = Date(timeIntervalSince1970: 1_799_999_999)

    /// The signatures were made with Python's hmac module.
    private let query = [
        ("expires", "1800000000"), ("size", "10"), ("type", "image/jpeg"),
        ("signature", "5d34c3b87ddaf07d5930c780f9938116bd1998ec40c1b1a469b6a1c272c7e6c9"),
    ]
    private let partQuery = [
        ("expires", "1800000000"), ("size", "5242880"), ("uploadId", "0123456789abcdef0123456789abcdef"), ("partNumber", "7"),
        ("signature", "a34925a4ca3ad2cd795597109891e6279b91d9392bc7cff26217f7cd9f521fac"),
    ]

    private func verify(
        method: String = "PUT", key: String? = nil, query: [(String, String)]? = nil, type: String? = "image/jpeg",
        length: Int64? = 10, now: Date? = nil
    ) throws(PresignError) -> VerifiedUpload {
        try store.verify(
            method: method, key: key ?? self.key, query: query ?? self.query, contentType: type, contentLength: length,
            now: now ?? self.now)
    }

    private func code(_ work: () throws(PresignError) -> VerifiedUpload) -> PresignError.Code? {
        do { _ = try work() } catch { return error.code }
        return nil
    }

    @Test func independentSignaturesAreAccepted() throws {
        let upload = try verify()
        #expect(upload.key == key && upload.size == 10 && upload.contentType == "image/jpeg" && upload.operation == .put)
        let part = try verify(query: partQuery, type: nil, length: 5_242_880)
        #expect(part.operation == .putPart(uploadId: "0123456789abcdef0123456789abcdef", number: 7))
    }

    @Test func everyRefusalHasItsCode() {
        #expect(code { () throws(PresignError) in try verify(now: Date(timeIntervalSince1970: 1_800_000_000)) } == .expired)
        #expect(code { () throws(PresignError) in try verify(length: nil) } == .lengthRequired)
        #expect(code { () throws(PresignError) in try verify(length: 11) } == .wrongSize)
        #expect(code { () throws(PresignError) in try verify(type: "text/html") } == .wrongType)
        #expect(code { () throws(PresignError) in try verify(type: nil) } == .wrongType)
        #expect(code { () throws(PresignError) in try verify(method: "POST") } == .badSignature)
        #expect(code { () throws(PresignError) in try verify(key: "projects/q/a b/é.jpg") } == .badSignature)
        #expect(code { () throws(PresignError) in try verify(key: "projects/p/a b/e\u{301}.jpg") } == .badSignature)
        #expect(code { () throws(PresignError) in try verify(key: "../a") } == .malformed)
        #expect(code { () throws(PresignError) in try verify(query: Array(query.dropLast())) } == .badSignature)
        #expect(code { () throws(PresignError) in try verify(query: Array(query.dropFirst())) } == .malformed)
        #expect(code { () throws(PresignError) in try verify(query: []) } == .malformed)
        #expect(code { () throws(PresignError) in try verify(query: query + [query[3]]) } == .badSignature)
        #expect(code { () throws(PresignError) in try verify(query: query + [("size", "10")]) } == .malformed)
        #expect(code { () throws(PresignError) in try verify(query: query + [("partNumber", "1")]) } == .malformed)
    }

    @Test func anotherKeyOfTheSignerIsForeign() {
        let other = FileStore(root: "/nowhere", signingKey: Array("another secret".utf8), publicURL: "http://localhost")
        #expect(throws: PresignError.self) {
            try other.verify(
                method: "PUT", key: key, query: query, contentType: "image/jpeg", contentLength: 10, now: now)
        }
    }

    /// One changed character anywhere, in a name or a value, is refused.
    @Test func everyChangeIsRefused() {
        for (terms, type, length) in [(query, "image/jpeg", Int64(10)), (partQuery, nil as String?, 5_242_880)] {
            for _ in 0..<3000 {
                var changed = terms
                let place = Int.random(in: 0..<changed.count)
                changed[place].1 = mutate(changed[place].1)
                if changed[place].1.utf8.elementsEqual(terms[place].1.utf8) { continue }
                let got = code { () throws(PresignError) in try verify(query: changed, type: type, length: length) }
                #expect(got == .badSignature || got == .malformed, "\(changed)")
            }
        }
    }

    @Test func nonsenseIsRefused() {
        let names = ["expires", "size", "type", "signature", "uploadId", "partNumber", "", "other"]
        let values = [
            "", "0", "-1", "10", "1800000000", "99999999999999999999", "image/jpeg", "a\nb", "\u{0}", "é", "7", "00", "+1",
        ]
        for _ in 0..<5000 {
            let query = (0..<Int.random(in: 0...7)).map { _ in (names.randomElement() ?? "", values.randomElement() ?? "") }
            #expect(code { () throws(PresignError) in try verify(query: query) } != nil)
        }
    }

    @Test func wrongRequestsAreNotSigned() async {
        let day = Duration.seconds(86_400)
        let wrong = [
            PresignRequest(.put, key: "a", size: -1, contentType: "a/b", lifetime: day),
            PresignRequest(.put, key: "a", size: 1, contentType: "a/b\r\nX: y", lifetime: day),
            PresignRequest(.put, key: "a", size: 1, contentType: "", lifetime: day),
            PresignRequest(.put, key: "a", size: 1, contentType: "a/b", lifetime: .zero),
            PresignRequest(.putPart(uploadId: "../x", number: 1), key: "a", size: 1, contentType: "a/b", lifetime: day),
            PresignRequest(
                .putPart(uploadId: String(repeating: "0", count: 32), number: 10_001), key: "a", size: 1, contentType: "",
                lifetime: day),
        ]
        for request in wrong {
            let error = await #expect(throws: StoreError.self) { try await store.presign(request) }
            #expect(error?.code == .invalidRequest)
        }
    }

    @Test func lifetimesEndAfterSevenDays() async throws {
        let request = PresignRequest(.put, key: "a", size: 1, contentType: "a/b", lifetime: .seconds(Int64.max))
        let expires = try await store.presign(request).expiresAt.timeIntervalSinceNow
        #expect((604_790...604_801).contains(expires))
    }

    private func mutate(_ text: String) -> String {
        var bytes = Array(text.utf8)
        guard !bytes.isEmpty else { return "x" }
        let place = Int.random(in: 0..<bytes.count)
        switch Int.random(in: 0..<3) {
        case 0: bytes[place] = UInt8.random(in: 0x20...0x7e)
        case 1: bytes.remove(at: place)
        default: bytes.insert(UInt8.random(in: 0...0x7f), at: place)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
