/// Why the catalog could not answer.
package struct CatalogError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// The caller's cursor is not one that `list` gave out.
        case invalidCursor
        /// Redis cannot be reached, or refused; later may help.
        case unavailable
        /// What is stored cannot be read.
        case corrupt
    }

    package let code: Code
    package let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
