import FoundationEssentials

/// A small file of UTF-8.
func readText(of path: String) throws(CredentialsError) -> String {
    guard let bytes = try? Data(contentsOf: URL(filePath: path)), bytes.count <= 1 << 20,
        let text = String(validating: bytes, as: UTF8.self)
    else { throw CredentialsError("cannot read \(path)") }
    return text
}

/// A file's text without the blanks and line breaks around it.
func readLine(of path: String) throws(CredentialsError) -> String {
    let text = try readText(of: path).trimmed
    guard !text.isEmpty else { throw CredentialsError("\(path) is empty") }
    return text
}

extension StringProtocol {
    var trimmed: String { String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed()) }
}
