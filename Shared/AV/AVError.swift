internal import CAV

/// libav* refused a file, or a limit did.
package struct AVError: Error, Sendable, Hashable, Codable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable, Codable {
        /// Not the format it was said to be, or damaged beyond use.
        case unreadable
        /// Well-formed, with a codec or a feature that is not on the list of what is decoded.
        case unsupported
        /// More pixels, streams, time or memory than allowed, or the deadline has passed.
        case limit
        /// The file ends before what it promises.
        case truncated
        /// The file could not be read, or the result not written: trying again may help.
        case io
        /// There is no room for the result.
        case full
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

    /// What a function of libav* answered.
    init(_ status: Int32, _ doing: String) { self.init(Self.code(of: status), "\(doing): \(Self.text(of: status))") }

    /// The answer of a function that is negative where it failed.
    @discardableResult
    static func check(_ status: Int32, _ doing: @autoclosure () -> String) throws(AVError) -> Int32 {
        guard status >= 0 else { throw AVError(status, doing()) }
        return status
    }

    /// What an allocation answered; none is a limit of memory.
    static func allocated<Value>(_ pointer: Value?) throws(AVError) -> Value {
        guard let pointer else { throw AVError(.limit, "no memory") }
        return pointer
    }

    private static func code(of status: Int32) -> Code {
        switch status {
        case mr_av_error_invalid_data, mr_av_error_stream_not_found: .unreadable
        case mr_av_error_eof: .truncated
        case mr_av_error_exit, mr_av_error(ENOMEM), mr_av_error(EFBIG): .limit
        case mr_av_error_not_implemented, mr_av_error_decoder_not_found, mr_av_error_demuxer_not_found, mr_av_error(ENOSYS):
            .unsupported
        case mr_av_error(EIO): .io
        case mr_av_error(ENOSPC), mr_av_error(EDQUOT): .full
        default: .other
        }
    }

    private static func text(of status: Int32) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            guard let start = buffer.baseAddress, av_strerror(status, start, buffer.count) == 0 else { return "error \(status)" }
            return String(cString: start)
        }
    }
}
