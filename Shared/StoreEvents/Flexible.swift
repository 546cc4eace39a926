/// Text or a whole number: some versions of a store write the one, some the other.
struct Flexible: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let number = try? value.decode(Int64.self) { text = String(number) } else { text = try value.decode(String.self) }
    }

    var number: Int64? { Int64(text) }
}

extension String {
    /// Nil for an empty text, which some stores write where they know nothing.
    var orNil: String? { isEmpty ? nil : self }
    /// A tag without its quotes.
    var withoutQuotes: String { count >= 2 && hasPrefix("\"") && hasSuffix("\"") ? String(dropFirst().dropLast()) : self }
}
