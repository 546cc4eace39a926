/// Items on their way to the settle script, in sections of one owner each.
struct SettleBatch {
    private struct Section {
        let owner: SettleItem.Owner
        var indices: [Int]
        var lowest: EntryID
        var highest: EntryID
    }

    private let items: [SettleItem]
    private var sections: [Section] = []

    init(_ items: [SettleItem]) {
        self.items = items
        for (index, item) in items.enumerated() {
            let id = EntryID(item.entry) ?? .zero
            // There are few owners, and the last one is the likeliest.
            if let place = sections.lastIndex(where: { $0.owner == item.owner }) {
                sections[place].indices.append(index)
                sections[place].lowest = min(sections[place].lowest, id)
                sections[place].highest = max(sections[place].highest, id)
            } else {
                sections.append(Section(owner: item.owner, indices: [index], lowest: id, highest: id))
            }
        }
    }

    /// As the script reads them.
    var arguments: [String] {
        var arguments: [String] = []
        arguments.reserveCapacity(sections.count * 7 + items.count * 12)
        for section in sections {
            let owner = section.owner
            arguments += [
                owner.source, owner.group, owner.consumer, owner.needed, section.lowest.description, section.highest.description,
            ]
            arguments.append(String(section.indices.count))
            for index in section.indices {
                arguments.append(String(items[index].tokens.count))
                arguments += items[index].tokens
            }
        }
        return arguments
    }

    /// Brings the script's answers into the order of the items.
    func inOrder<Answer>(_ answers: [Answer]) -> [Answer]? {
        let order = sections.flatMap(\.indices)
        guard answers.count == order.count else { return nil }
        return zip(order, answers).sorted { $0.0 < $1.0 }.map(\.1)
    }
}
