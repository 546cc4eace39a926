/// What a key may be: 1 to 1,024 bytes of `/`-separated components of 1 to 255 bytes, none of them `.` or `..`, without
/// control characters. Such a key is a relative path that stays inside its directory.
package enum ObjectKey {
    /// - Throws: `.invalidKey`.
    package static func validate(_ key: String) throws(StoreError) {
        guard isValid(key) else { throw StoreError(.invalidKey, "not a key: \(summary(of: key))") }
    }

    package static func isValid(_ key: String) -> Bool {
        guard (1...1024).contains(key.utf8.count),
            !key.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { return false }
        return components(of: key).allSatisfy { (1...255).contains($0.utf8.count) && $0 != "." && $0 != ".." }
    }

    /// Split by byte: as a `Character`, a slash with a combining mark is no slash, to the kernel it is one.
    static func components(of key: String) -> [String] {
        key.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    }

    /// A key's order and identity are those of its bytes; `String` would call canonically equivalent ones equal.
    static func precedes(_ one: String, _ other: String) -> Bool { one.utf8.lexicographicallyPrecedes(other.utf8) }

    private static func summary(of key: String) -> String {
        "\"\(String(decoding: key.utf8.prefix(80), as: UTF8.self).debugDescription.dropFirst().dropLast())\""
    }
}
