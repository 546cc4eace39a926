import Events
import Synchronization

/// Who writes to an upload: the one that came last. A client that lost its connection comes again while its former request still hangs
/// in this process; what that one holds must not be written over what the new one has brought.
///
/// Two processes do not know of each other, and need not: both have the same bytes for the same place.
final class TusTurns: Sendable {
    private let current = Mutex<[MediaID: Int]>([:])
    private let next = Mutex(0)

    struct Turn: Sendable {
        fileprivate let id: MediaID
        fileprivate let number: Int
    }

    func begin(_ id: MediaID) -> Turn {
        let number = next.withLock { next in
            next += 1
            return next
        }
        current.withLock { $0[id] = number }
        return Turn(id: id, number: number)
    }

    func isCurrent(_ turn: Turn) -> Bool { current.withLock { $0[turn.id] == turn.number } }

    func end(_ turn: Turn) {
        current.withLock { if $0[turn.id] == turn.number { $0[turn.id] = nil } }
    }
}
