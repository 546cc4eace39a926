/// What a declared file must keep to.
struct FileRules: Sendable {
    /// Bytes.
    let maxSize: Int64

    /// Why a declared file is refused.
    struct Violation: Error, Hashable {
        enum Code: String { case invalidFileName, invalidContentType, invalidSize, tooLarge }

        let code: Code
        let field: String
        let detail: String
    }

    func check(_ file: DeclaredFile) throws(Violation) {
        guard Self.isFileName(file.fileName) else {
            throw Violation(
                code: .invalidFileName, field: "fileName",
                detail: "a file name has 1 to 255 bytes and no control characters")
        }
        guard Self.isContentType(file.contentType) else {
            throw Violation(
                code: .invalidContentType, field: "contentType",
                detail: "a content type is \"type/subtype\" of at most 127 characters, without parameters")
        }
        guard file.size >= 1 else {
            throw Violation(code: .invalidSize, field: "size", detail: "the size is at least 1 byte")
        }
        guard file.size <= maxSize else {
            throw Violation(code: .tooLarge, field: "size", detail: "the size is at most \(maxSize) bytes")
        }
    }

    static func isFileName(_ name: String) -> Bool {
        (1...255).contains(name.utf8.count)
            && name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }

    /// `type/subtype`, both restricted names. Source: RFC 6838, section 4.2.
    static func isContentType(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return text.utf8.count <= 127 && parts.count == 2 && parts.allSatisfy(isRestrictedName)
    }

    private static func isRestrictedName(_ name: Substring) -> Bool {
        let isAlphanumeric = { (byte: UInt8) in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        }
        guard let first = name.utf8.first, isAlphanumeric(first) else { return false }
        return name.utf8.allSatisfy { isAlphanumeric($0) || "!#$&-^_.+".utf8.contains($0) }
    }
}
