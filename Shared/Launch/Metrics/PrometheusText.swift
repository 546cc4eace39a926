/// The text exposition format, version 0.0.4.
///
/// Source: prometheus.io, "Exposition formats".

/// Characters outside `[a-zA-Z0-9_:]` become `_`; a digit is never first.
func prometheusName(_ label: String) -> String {
    let name = label.unicodeScalars.prefix(200).map { scalar -> Character in
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", ":": Character(scalar)
        default: "_"
        }
    }
    return name.first.map { $0.isNumber } ?? true ? "_" + String(name) : String(name)
}

/// `a="x",b="y"` in order of the names.
func prometheusLabels(_ dimensions: [(String, String)]) -> String {
    dimensions
        .map { "\(prometheusName($0.0.replacing(":", with: "_")))=\"\(escapedLabel($0.1))\"" }
        .sorted().joined(separator: ",")
}

func prometheusLine(_ name: String, _ labels: String, _ value: Double) -> String {
    labels.isEmpty ? "\(name) \(prometheusNumber(value))\n" : "\(name){\(labels)} \(prometheusNumber(value))\n"
}

func prometheusHeader(_ name: String, _ type: String) -> String {
    let help = metricHelp[name].map { "# HELP \(name) \($0)\n" } ?? ""
    return "\(help)# TYPE \(name) \(type)\n"
}

func prometheusNumber(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    return value == value.rounded() && value.magnitude < 1e15 ? String(Int64(value)) : "\(value)"
}

private func escapedLabel(_ value: String) -> String {
    var text = String.UnicodeScalarView()
    for scalar in value.unicodeScalars.prefix(200) {
        switch scalar {
        case "\\": text.append(contentsOf: "\\\\".unicodeScalars)
        case "\"": text.append(contentsOf: "\\\"".unicodeScalars)
        case "\n": text.append(contentsOf: "\\n".unicodeScalars)
        default: text.append(scalar)
        }
    }
    return String(text)
}
