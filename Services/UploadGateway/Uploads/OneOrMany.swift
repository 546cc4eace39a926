/// A JSON value that is one object or an array of them; the answer has the shape of the question.
enum OneOrMany<Element> {
    case one(Element)
    case many([Element])

    var elements: [Element] {
        switch self {
        case .one(let element): [element]
        case .many(let elements): elements
        }
    }

    /// The field path of the element at `index`, as an error names it: empty for a single object.
    func path(of index: Int) -> String {
        switch self {
        case .one: ""
        case .many: "[\(index)]."
        }
    }

    /// The same shape around `elements`, which has as many elements as this.
    func replacing<Other>(with elements: [Other]) -> OneOrMany<Other> {
        if case .one = self, let element = elements.first { .one(element) } else { .many(elements) }
    }
}

extension OneOrMany: Sendable where Element: Sendable {}

extension OneOrMany: Decodable where Element: Decodable {
    init(from decoder: any Decoder) throws {
        if (try? decoder.unkeyedContainer()) != nil {
            self = .many(try [Element](from: decoder))
        } else {
            self = .one(try Element(from: decoder))
        }
    }
}

extension OneOrMany: Encodable where Element: Encodable {
    func encode(to encoder: any Encoder) throws {
        switch self {
        case .one(let element): try element.encode(to: encoder)
        case .many(let elements): try elements.encode(to: encoder)
        }
    }
}
