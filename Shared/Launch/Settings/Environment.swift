import FoundationEssentials

/// The variables a process was started with, read once and checked. An empty value counts as absent.
package struct Environment: Sendable {
    private let values: [String: String]

    package init(_ values: [String: String] = ProcessInfo.processInfo.environment) { self.values = values }

    package func string(_ name: String, default standard: String) throws(SettingsError) -> String {
        value(name) ?? standard
    }

    package func require(_ name: String) throws(SettingsError) -> String {
        guard let value = value(name) else { throw SettingsError(name, "is required") }
        return value
    }

    package func int(_ name: String, default standard: Int, in range: ClosedRange<Int>) throws(SettingsError) -> Int {
        guard let text = value(name) else { return standard }
        guard let value = Int(text), range.contains(value) else {
            throw SettingsError(name, value: text, isNot: "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// `true`, `yes`, `on`, `1` or `false`, `no`, `off`, `0`.
    package func bool(_ name: String, default standard: Bool) throws(SettingsError) -> Bool {
        guard let text = value(name) else { return standard }
        switch text.lowercased() {
        case "true", "yes", "on", "1": return true
        case "false", "no", "off", "0": return false
        default: throw SettingsError(name, value: text, isNot: "true or false")
        }
    }

    /// Separated by commas; blanks around the parts are dropped.
    package func list(_ name: String, default standard: [String]) throws(SettingsError) -> [String] {
        guard let text = value(name) else { return standard }
        return text.split(separator: ",").map { Self.trimmed($0) }.filter { !$0.isEmpty }
    }

    /// One of the raw values of an enumeration.
    package func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, default standard: Choice
    ) throws(SettingsError) -> Choice where Choice.RawValue == String {
        guard let text = value(name) else { return standard }
        guard let choice = Choice(rawValue: text.lowercased()) else {
            throw SettingsError(name, value: text, isNot: "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return choice
    }

    /// Nil where it is absent. - Parameter minimumLength: in bytes.
    package func secret(_ name: String, minimumLength: Int = 1) throws(SettingsError) -> Secret? {
        guard let text = value(name) else { return nil }
        guard text.utf8.count >= minimumLength else {
            throw SettingsError(name, "must have at least \(minimumLength) characters")
        }
        return Secret(text)
    }

    func value(_ name: String) -> String? {
        let text = Self.trimmed((values[name] ?? "")[...])
        return text.isEmpty ? nil : text
    }

    private static func trimmed(_ text: Substring) -> String {
        let isBlank = { (character: Character) in character.isWhitespace }
        return String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}
