import FoundationEssentials

/// What a file tells of its object's bytes where cold storage has them too.
enum ColdMark: Sendable, Hashable {
    /// Cold storage alone has them, so many; whatever the file holds does not count.
    case archived(size: Int64)
    /// The file holds them as well, and may until then.
    case restored(until: Date)

    init?(_ text: String) {
        let words = text.split(separator: " ")
        guard words.count == 2, let number = Int64(words[1]) else { return nil }
        switch words[0] {
        case "archived": self = .archived(size: number)
        case "restored": self = .restored(until: Date(timeIntervalSince1970: Double(number)))
        default: return nil
        }
    }

    var text: String {
        switch self {
        case .archived(let size): "archived \(size)"
        case .restored(let until): "restored \(Int64(until.timeIntervalSince1970))"
        }
    }
}
