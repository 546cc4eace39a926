/// How a worker ended other than by doing its work.
package struct WorkerError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        /// It broke down by itself, as one does that was given a hostile file.
        case crashed
        /// It had used up its time, by the clock or of the processor.
        case outOfTime
        /// Somebody else ended it, mostly the kernel for want of memory: trying again may help.
        case killed
        /// It could not be started.
        case notStarted
        /// It gave up with an exit code, or said what nobody understands.
        case failed
    }

    package let code: Code
    /// For logs: with the last that it wrote to standard error.
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
