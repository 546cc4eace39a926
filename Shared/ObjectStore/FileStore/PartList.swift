/// The parts that a completion names.
enum PartList {
    static let numbers = 1...10_000

    /// - Returns: the parts in order.
    /// - Throws: `.invalidPart` for none at all, a number twice or out of bounds, or sizes that add up to nonsense.
    static func validate(_ parts: [PartInfo]) throws(StoreError) -> [PartInfo] {
        let sorted = parts.sorted { $0.number < $1.number }
        let isOnce = zip(sorted, sorted.dropFirst()).allSatisfy { $0.number < $1.number }
        guard !parts.isEmpty, isOnce, sorted.allSatisfy({ numbers.contains($0.number) && (0...(1 << 48)).contains($0.size) })
        else { throw StoreError(.invalidPart, "parts are numbered from 1 to 10000, each once") }
        return sorted
    }
}
