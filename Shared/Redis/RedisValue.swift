/// A reply of Redis (RESP2).
package enum RedisValue: Sendable, Hashable {
    /// A bulk string; bytes that are not UTF-8 are replaced by U+FFFD.
    case string(String)
    case status(String)
    case integer(Int)
    case array([RedisValue])
    case null
    case error(String)

    /// The text of a bulk string or status.
    package var string: String? {
        switch self {
        case .string(let text), .status(let text): text
        default: nil
        }
    }

    /// An integer, or a string that spells one.
    package var integer: Int? {
        switch self {
        case .integer(let value): value
        case .string(let text): Int(text)
        default: nil
        }
    }

    package var array: [RedisValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The text of an error reply.
    package var error: String? {
        if case .error(let text) = self { text } else { nil }
    }

    package var isNull: Bool { self == .null }
}
