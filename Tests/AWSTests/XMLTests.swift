import AWS
import TestSupport
import Testing

@Suite struct XMLTests {
    @Test func answer() throws {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>\n<!-- a > b --><List xmlns="http://s3/" a='>'>
              <Name>a &amp;&lt;&#x301;&#65;&quot;</Name><Empty/><Empty a="/"></Empty>
              <Key> two  words </Key><Raw>x<![CDATA[<&>]]>y</Raw>
            </List>
            """
        let node = try XMLNode.parse(text.utf8)
        #expect(node.name == "List" && node.text == "" && node.children.count == 5)
        #expect(node["Name"]?.text.utf8.elementsEqual("a &<\u{301}A\"".utf8) == true)
        #expect(node.all("Empty").map(\.text) == ["", ""])
        #expect(node["Key"]?.text == " two  words ")
        #expect(node["Raw"]?.text == "x<&>y")
        #expect(try XMLNode.parse("<a/>".utf8) == XMLNode("a"))
        #expect(try XMLNode.parse("  \n<a>&amp;</a>".utf8).text == "&")
    }

    @Test("what was written is read the same")
    func roundTrip() throws {
        let key = "a<b>&\"'\r\n\t]]> &amp; é\u{301}/&\u{301}"
        let node = XMLNode("Delete", [XMLNode("Object", [XMLNode("Key", text: key)])])
        #expect(try XMLNode.parse(node.written.utf8)["Object"]?["Key"]?.text.utf8.elementsEqual(key.utf8) == true)
    }

    @Test(
        "what is no answer of S3's is refused",
        arguments: [
            "", "text", "<a>", "<a></b>", "</a>", "<a><b></a></b>", "<a b=\"></a>", "<>", "<a>&nbsp;</a>", "<a>&#xD800;</a>",
            "<a>&#99999999;</a>", "<a>&amp</a>", "<a><![CDATA[</a>", "<!-- <a></a>", "<a <b></a>", "< a></a>",
            "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><a>&e;</a>", "<a><!ENTITY b \"c\"></a>",
        ])
    func refused(_ text: String) { #expect(throws: XMLError.self) { try XMLNode.parse(text.utf8) } }

    @Test func limits() {
        let deep = String(repeating: "<a>", count: 17) + String(repeating: "</a>", count: 17)
        #expect(throws: XMLError.self) { try XMLNode.parse(deep.utf8) }
        let many = "<a>" + String(repeating: "<b/>", count: 200_001) + "</a>"
        #expect(throws: XMLError.self) { try XMLNode.parse(many.utf8) }
        #expect(throws: XMLError.self) { try XMLNode.parse([UInt8](repeating: 32, count: (16 << 20) + 1)) }
        #expect(throws: XMLError.self) { try XMLNode.parse([60, 97, 62, 0xff, 60, 47, 97, 62]) }
    }

    @Test("damaged answers are read or refused, never a crash")
    func fuzz() {
        let seed = Array(
            "<?xml version=\"1.0\"?><L a='b'><C><Key>a&amp;b&#x41;</Key><Size>12</Size></C><!-- c --><D><![CDATA[x]]></D></L>"
                .utf8)
        var random = SeededGenerator(seed: 5)
        var read = 0
        for _ in 0..<5_000 {
            var bytes = seed
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert("<>&;/!?\"'-[]".utf8.randomElement(using: &random) ?? 0, at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + 7))
                }
            }
            if (try? XMLNode.parse(bytes)) != nil { read += 1 }
        }
        #expect((1..<5_000).contains(read))
    }
}
