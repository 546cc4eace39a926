import HTTPTypes

extension Problem {
    /// Which field of a JSON body is wrong, or that it is no JSON at all.
    /// - Parameter isWellFormed: whether the body is JSON at all: the decoder does not say which number did not fit its type.
    static func from(_ error: DecodingError, isWellFormed: Bool) -> Problem {
        switch error {
        case .keyNotFound(let key, let context):
            let field = path(context.codingPath + [key])
            return .invalidField(field, "\(field) is missing.")
        case .valueNotFound(_, let context):
            let field = path(context.codingPath)
            return .invalidField(field, "\(field) must not be null.")
        case .typeMismatch(let type, let context):
            let field = path(context.codingPath)
            return .invalidField(field, "\(field) must be \(word(for: type)).")
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            let field = path(context.codingPath)
            return .invalidField(field, "\(field) is \(context.debugDescription.prefix(200)).")
        case .dataCorrupted where isWellFormed:
            return .invalidField("body", "A number is too large, or not whole where it must be.")
        default:
            return Problem(.badRequest, code: "malformedJSON", detail: "The body is not well-formed JSON.")
        }
    }

    /// `files[2].size`; the body itself is `body`.
    private static func path(_ keys: [any CodingKey]) -> String {
        let text = keys.reduce("") { text, key in
            if let index = key.intValue { return "\(text)[\(index)]" }
            return text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)"
        }
        return text.isEmpty ? "body" : String(text.prefix(200))
    }

    private static func word(for type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is any BinaryInteger.Type: "a whole number"
        case is any BinaryFloatingPoint.Type: "a number"
        case is any Collection.Type where !(type is any ExpressibleByDictionaryLiteral.Type): "an array"
        default: "an object"
        }
    }
}
