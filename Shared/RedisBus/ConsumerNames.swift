import Synchronization

/// A name of its own for each subscription of a process: ownership of an entry is told by the consumer's name.
final class ConsumerNames: Sendable {
    private let count = Mutex(0)

    func next(_ name: String) -> String {
        let number = count.withLock { count in
            count += 1
            return count
        }
        return number == 1 ? name : "\(name).\(number)"
    }
}
