/// What a rule has found: the stream would not play everywhere, or promises what it does not hold.
package struct Finding: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The rule's name, such as `first-frame-idr`.
    package let rule: String
    /// Below the stream's folder.
    package let file: String
    /// What is there and what should be, with the numbers.
    package let message: String
    /// Where the rule comes from.
    package let source: String

    package var description: String { "\(file): \(rule): \(message) (\(source))" }
}

/// One rule that a stream must keep.
package struct StreamRule: Sendable {
    struct Violation {
        let file: String
        let message: String

        init(_ file: String, _ message: String) { (self.file, self.message) = (file, message) }
    }

    package let name: String
    package let source: String
    let violations: @Sendable (CheckedStream) -> [Violation]

    init(_ name: String, _ source: String, _ violations: @escaping @Sendable (CheckedStream) -> [Violation]) {
        (self.name, self.source, self.violations) = (name, source, violations)
    }

    /// Of more than this, one says enough.
    private static let maxFindings = 20

    func findings(in stream: CheckedStream) -> [Finding] {
        violations(stream).prefix(Self.maxFindings).map { violation in
            Finding(rule: name, file: violation.file, message: violation.message, source: source)
        }
    }
}
