import Messaging
import Redis

/// Items of one partition on their way to the settle script, in sections of one owner each.
struct SettleBatch {
    private struct Section {
        let owner: SettleItem.Owner
        var tokens = RedisArguments()
        /// Where the items stood before they were divided.
        var indices: [Int] = []
        var lowest: EntryID
        var highest: EntryID
    }

    let partition: Int
    private var sections: [Section] = []

    private init(partition: Int) { self.partition = partition }

    /// Divides items by their partitions.
    static func each(_ items: [SettleItem]) -> [SettleBatch] {
        var batches: [SettleBatch] = []
        for (index, item) in items.enumerated() {
            let place = batches.firstIndex { $0.partition == item.partition } ?? batches.count
            if place == batches.count { batches.append(SettleBatch(partition: item.partition)) }
            batches[place].add(item, index)
        }
        return batches
    }

    private mutating func add(_ item: SettleItem, _ index: Int) {
        let id = EntryID(item.entry) ?? .zero
        // There are few owners, and the last one is the likeliest.
        let place = sections.lastIndex { $0.owner == item.owner } ?? sections.count
        if place == sections.count { sections.append(Section(owner: item.owner, lowest: id, highest: id)) }
        sections[place].tokens.append(item.tokens.count)
        sections[place].tokens.append(item.tokens)
        sections[place].indices.append(index)
        sections[place].lowest = min(sections[place].lowest, id)
        sections[place].highest = max(sections[place].highest, id)
    }

    /// As the script reads them.
    var arguments: RedisArguments {
        var arguments = RedisArguments()
        for section in sections {
            let owner = section.owner
            arguments += [owner.source, owner.group, owner.consumer, owner.needed]
            arguments += [section.lowest.description, section.highest.description, String(section.indices.count)]
            arguments.append(section.tokens)
        }
        return arguments
    }

    /// Puts the script's answers where their items stood.
    func place(_ result: Result<[Writer.Answer], BusError>, in answers: inout [Writer.Answer]) {
        let order = sections.flatMap(\.indices)
        switch result {
        case .success(let values) where values.count == order.count:
            for (index, value) in zip(order, values) { answers[index] = value }
        case .success: return
        case .failure(let error): for index in order { answers[index] = .failure(error) }
        }
    }
}
