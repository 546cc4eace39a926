/// Bytes or text that others wrote are not what they should be.
package struct FormatError: Error, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// Something ends before it is complete.
        case truncated
        /// Against its own format.
        case malformed
        /// Allowed by the format, but not by CMAF or by us.
        case unsupported
        /// Above a limit of ours.
        case tooLarge
    }

    package let code: Code
    package let detail: String

    package init(_ code: Code, _ detail: String) { (self.code, self.detail) = (code, detail) }

    package var description: String { "\(code.rawValue): \(detail)" }
}
