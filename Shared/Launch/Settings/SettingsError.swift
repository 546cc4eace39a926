/// A variable of the environment is missing or wrong; `description` is the one line that says which and what would be right.
package struct SettingsError: Error, CustomStringConvertible, Hashable {
    package let description: String

    /// - Parameter name: the variable, for example `MILLRACE_PORT`.
    package init(_ name: String, _ problem: String) { description = "\(name): \(problem)" }

    /// `MILLRACE_PORT: "abc" is not a whole number from 1 to 65535`. Never for secrets: the value is shown.
    package init(_ name: String, value: String, isNot expected: String) {
        let shown = String(String.UnicodeScalarView(value.unicodeScalars.prefix(60).filter { $0.value >= 32 && $0.value != 127 }))
        self.init(name, "\"\(shown)\(shown.unicodeScalars.count < value.unicodeScalars.count ? "…" : "")\" is not \(expected)")
    }
}
