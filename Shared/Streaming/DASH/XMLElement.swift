/// An element of XML, as much of it as manifests need: no mixed content, no namespaces but as names say them.
struct XMLElement: Sendable, Hashable {
    struct Attribute: Sendable, Hashable {
        let name: String
        let value: String
    }

    let name: String
    private(set) var attributes: [Attribute]
    var children: [XMLElement]
    var text: String

    init(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], text: String = "", _ children: [XMLElement] = []) {
        self.name = name
        self.attributes = attributes.map { Attribute(name: $0.key, value: $0.value) }
        (self.children, self.text) = (children, text)
    }

    init(_ name: String, parsed attributes: [Attribute]) {
        (self.name, self.attributes, children, text) = (name, attributes, [], "")
    }

    subscript(attribute: String) -> String? { attributes.first { $0.name == attribute }?.value }

    func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    mutating func add(_ name: String, _ value: String?) {
        if let value { attributes.append(Attribute(name: name, value: value)) }
    }

    /// With its beginning on a line of its own, two blanks for each level.
    func written(indent: Int = 0) -> String {
        let margin = String(repeating: "  ", count: indent)
        let head = margin + "<" + name + attributes.map { " \($0.name)=\"\(Self.escaped($0.value))\"" }.joined()
        if children.isEmpty && text.isEmpty { return head + "/>\n" }
        if children.isEmpty { return head + ">\(Self.escaped(text))</\(name)>\n" }
        return head + ">\n" + children.map { $0.written(indent: indent + 1) }.joined() + margin + "</\(name)>\n"
    }

    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            // Not allowed in XML 1.0, or not kept in attributes.
            case _ where scalar.value < 0x20 || scalar.value == 0xfffe || scalar.value == 0xffff: text += " "
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
