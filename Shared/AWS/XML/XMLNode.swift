/// An element of the XML that AWS's services answer: no attributes, no mixed content.
package struct XMLNode: Sendable, Hashable {
    package let name: String
    package internal(set) var text = ""
    package internal(set) var children: [XMLNode] = []

    package init(_ name: String, text: String = "", _ children: [XMLNode] = []) {
        self.name = name
        self.text = text
        self.children = children
    }

    /// The first child of this name.
    package subscript(name: String) -> XMLNode? { children.first { $0.name == name } }

    package func all(_ name: String) -> [XMLNode] { children.filter { $0.name == name } }

    /// Without declaration and line breaks.
    package var written: String {
        "<\(name)>\(Self.escaped(text))\(children.map(\.written).joined())</\(name.prefix { $0 != " " })>"
    }

    /// By scalars: as a `Character`, an `&` with a combining mark is no `&`.
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\r", "\n", "\t": text += "&#\(scalar.value);"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}

package struct XMLError: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String
}
