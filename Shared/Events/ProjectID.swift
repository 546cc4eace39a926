/// A project's name: 1 to 63 of `a–z`, `0–9` and `-`, starting with a letter or digit. It is part of every key.
package struct ProjectID: Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String
    package var description: String { rawValue }

    package init?(_ text: String) {
        let isAllowed = { (byte: UInt8) in
            (97...122).contains(byte) || (48...57).contains(byte) || byte == 45
        }
        guard (1...63).contains(text.utf8.count), text.utf8.allSatisfy(isAllowed), text.utf8.first != 45 else { return nil }
        rawValue = text
    }
}

extension ProjectID: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let project = ProjectID(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not a project id"))
        }
        self = project
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
