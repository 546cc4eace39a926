package import Hummingbird

/// A request's query, decoded as browsers write it (`application/x-www-form-urlencoded`: `+` is a space).
package struct QueryParameters: Sendable {
    /// In the order of the query.
    package let items: [(name: String, value: String)]

    /// - Throws: 400 `malformedQuery` for a broken percent escape, bytes that are no UTF-8, or more than 100 parameters.
    package init(_ request: Request) throws(Problem) {
        let pairs = (request.uri.query ?? "").split(separator: "&")
        guard pairs.count <= 100 else { throw Self.malformed }
        var items: [(String, String)] = []
        for pair in pairs {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = percentDecoded(parts[0], plusIsSpace: true),
                let value = percentDecoded(parts.count > 1 ? parts[1] : "", plusIsSpace: true)
            else { throw Self.malformed }
            items.append((name, value))
        }
        self.items = items
    }

    /// The first parameter of this name; nil where there is none or it is empty.
    package subscript(_ name: String) -> String? {
        items.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    /// - Throws: 422 `invalidField` where it is missing.
    package func require(_ name: String) throws(Problem) -> String {
        guard let value = self[name] else { throw .invalidField(name, "The query parameter \(name) is missing.") }
        return value
    }

    /// - Throws: 422 `invalidField` where it is no whole number in `range`.
    package func int(_ name: String, default standard: Int, in range: ClosedRange<Int>) throws(Problem) -> Int {
        guard let text = self[name] else { return standard }
        guard let value = Int(text), range.contains(value) else {
            throw .invalidField(name, "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return value
    }

    private static let malformed = Problem(.badRequest, code: "malformedQuery", detail: "The query is not well-formed.")
}
