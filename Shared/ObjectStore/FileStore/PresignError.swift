/// Why a request that claims to be presigned is refused.
package struct PresignError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// Parameters are missing, doubled or not what they should be.
        case malformed
        /// Not made by this store, or changed since; also another method or key.
        case badSignature
        case expired
        /// The request does not say how long its body is.
        case lengthRequired
        /// The body is, or says it is, of another length than was signed.
        case wrongSize
        /// The content type is another than was signed.
        case wrongType
    }

    package let code: Code
    /// Safe to show to the client.
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
