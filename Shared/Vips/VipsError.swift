internal import CVips

/// libvips refused, or a limit did.
package struct VipsError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        /// More pixels, a longer side or more frames than `ImageLimits` allow; nothing was decoded.
        case tooManyPixels
        /// Not the format it was said to be, damaged, or cut off.
        case corrupt
        /// A well-formed file with a feature that the decoder lacks.
        case unsupported
        /// Anything else, for example an encoder that failed.
        case other
    }

    package let code: Code
    /// For logs. It may quote the file; show people the code instead.
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// The error with the text that libvips left, which is cleared. The buffer belongs to the process, so under load the
    /// text may be another job's: nothing is decided by it.
    static func taken(_ code: Code) -> VipsError {
        guard let text = vips_error_buffer_copy() else { return VipsError(code, "libvips failed") }
        defer { g_free(text) }
        let trimmed = String(cString: text).split(separator: "\n").prefix(4).joined(separator: "; ")
        return VipsError(code, trimmed.isEmpty ? "libvips failed" : String(trimmed.prefix(300)))
    }
}
