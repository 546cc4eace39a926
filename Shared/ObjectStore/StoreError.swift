/// Why a store did not do what it was asked.
package struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        case notFound, alreadyExists, rangeNotSatisfiable, invalidKey, invalidPart, unknownUpload, full, unavailable
        /// More bytes than the caller allowed.
        case tooLarge
        /// The object is in cold storage and must be restored first.
        case archived
        /// A request that no store can grant: a content type with control characters, a negative size, a bad location.
        case invalidRequest
    }

    package let code: Code
    package let description: String
    /// Whether trying again later may help.
    package var isTransient: Bool { code == .unavailable || code == .full }

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
