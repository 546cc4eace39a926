extension Environment {
    /// A whole number and a unit: `500ms`, `30s`, `5m`, `1h`, `7d`.
    package func duration(
        _ name: String, default standard: Duration, in range: ClosedRange<Duration> = .zero ... .seconds(365 * 86_400)
    ) throws(SettingsError) -> Duration {
        guard let text = value(name) else { return standard }
        guard let duration = Self.parse(text) else {
            throw SettingsError(name, value: text, isNot: "a duration like 500ms, 30s, 5m, 1h or 7d")
        }
        guard range.contains(duration) else {
            throw SettingsError(name, value: text, isNot: "from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))")
        }
        return duration
    }

    private static let units: [(suffix: String, milliseconds: Int)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    private static func parse(_ text: String) -> Duration? {
        let digits = text.prefix { ("0"..."9").contains($0) }
        // Twelve digits of days still fit into the arithmetic below.
        guard let count = Int(digits), digits.utf8.count <= 11,
            let unit = units.first(where: { $0.suffix == text[digits.endIndex...] })
        else { return nil }
        return .milliseconds(count * unit.milliseconds)
    }

    /// In the largest unit that says it exactly.
    private static func text(_ duration: Duration) -> String {
        let milliseconds = Int(duration / .milliseconds(1))
        let unit = units.last { milliseconds % $0.milliseconds == 0 && milliseconds >= $0.milliseconds } ?? units[0]
        return "\(milliseconds / unit.milliseconds)\(unit.suffix)"
    }
}
