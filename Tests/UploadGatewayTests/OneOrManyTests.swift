import Events
import FoundationEssentials
import Testing

@testable import UploadGateway

@Suite struct OneOrManyTests {
    @Test(arguments: ["1", "[]", "[1]", "[1,2,3]"])
    func keepsTheShape(json: String) throws {
        let value = try EventCoding.decode(OneOrMany<Int>.self, from: Data(json.utf8))
        let doubled = value.replacing(with: value.elements.map { $0 * 2 })
        let back = String(decoding: try EventCoding.encode(doubled), as: UTF8.self)
        #expect(back == json.replacing("3", with: "6").replacing("2", with: "4").replacing("1", with: "2"))
    }

    @Test func namesTheElement() throws {
        #expect(OneOrMany.one(7).path(of: 0).isEmpty)
        #expect(OneOrMany.many([7, 8]).path(of: 1) == "[1].")
    }

    @Test(arguments: ["true", "\"x\"", "{}", "[1,\"x\"]"])
    func refusesOtherTypes(json: String) {
        #expect(throws: DecodingError.self) { try EventCoding.decode(OneOrMany<Int>.self, from: Data(json.utf8)) }
    }
}
