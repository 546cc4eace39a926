import Testing

@testable import UploadGateway

@Suite struct FileRulesTests {
    private let rules = FileRules(maxSize: 1000)

    private func refusal(name: String = "a.jpg", type: String = "image/jpeg", size: Int64 = 10) -> FileRules.Violation.Code? {
        let file = DeclaredFile(projectId: "demo", fileName: name, contentType: type, size: size, multipart: nil)
        do {
            try rules.check(file)
            return nil
        } catch {
            return error.code
        }
    }

    @Test(arguments: ["a", "../../etc/passwd", "🦄 on holiday.jpg", "ünï.png", String(repeating: "n", count: 255), "a b\u{202E}c"])
    func acceptsNamesThatAreOnlyNames(name: String) { #expect(refusal(name: name) == nil) }

    @Test(arguments: [
        "", "a\0b.jpg", "a\nb", "a\u{7f}", "\u{85}", String(repeating: "n", count: 256), String(repeating: "🦄", count: 64),
    ])
    func refusesNames(name: String) { #expect(refusal(name: name) == .invalidFileName) }

    @Test(arguments: ["image/jpeg", "image/svg+xml", "application/vnd.ms-excel", "x/y", "application/x_b-c.1"])
    func acceptsContentTypes(type: String) { #expect(refusal(type: type) == nil) }

    @Test(arguments: [
        "", "image", "image/", "/jpeg", "image/jpeg; charset=x", "image/jp eg", "a/b/c", "image/jpeg\r\nX: y", "-a/b", "é/b",
        "a/" + String(repeating: "b", count: 126),
    ])
    func refusesContentTypes(type: String) { #expect(refusal(type: type) == .invalidContentType) }

    @Test func boundsTheSize() {
        #expect(refusal(size: 1) == nil)
        #expect(refusal(size: 1000) == nil)
        #expect(refusal(size: 0) == .invalidSize)
        #expect(refusal(size: -5) == .invalidSize)
        #expect(refusal(size: 1001) == .tooLarge)
        #expect(refusal(size: .max) == .tooLarge)
    }
}
