/// A command that got no answer, or an error for an answer.
package struct RedisError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// No connection, or it broke: the command may or may not have been applied. Or Redis answered that it cannot serve
        /// for now: then it has not.
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

    /// What an error reply means: `.unavailable` when the server loads its data or roles and slots are in change, else
    /// `.server`.
    package init(reply text: String) {
        self.init(Self.passing.contains { text.hasPrefix($0 + " ") } ? .unavailable : .server, text)
    }

    private static let passing = [
        "LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "MOVED", "ASK", "UNAVAILABLE",
    ]
}
