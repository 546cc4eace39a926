/// A command that got no answer, or an error for an answer.
package struct RedisError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// No connection, or it broke: the command may or may not have been applied.
        case unavailable
        /// No answer in time: the command may or may not have been applied.
        case timeout
        /// Redis answered with an error; `description` is its text, for example `NOGROUP No such key …`.
        case server
        /// The URL or the command itself makes no sense.
        case invalid
    }

    package let code: Code
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
