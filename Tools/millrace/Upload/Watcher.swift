import Events
import FoundationEssentials

/// Tells the board what the stack says of its media: live events, and the status itself where an event may have been missed.
struct Watcher: Sendable {
    private let api: API
    private let board: Board
    private let listener: Task<Void, Never>

    /// Listens before the first upload begins, so that nothing is missed.
    static func start(_ api: API, _ board: Board) async throws -> Watcher {
        let feed = Feed(api)
        try await feed.connect()
        let listener = Task {
            while !Task.isCancelled, let event = try? await feed.next() {
                switch event {
                case .status(let status): await board.heard(status)
                case .progress(let progress): await board.heard(progress)
                case .reset: break
                }
            }
        }
        return Watcher(api: api, board: board, listener: listener)
    }

    /// What is not finished in time, or can no longer be asked, has failed.
    func waitForAll(atMost time: Duration) async {
        let deadline = ContinuousClock.now + time
        while case let waiting = await board.unfinished, !waiting.isEmpty {
            await board.waitForNews(atMost: min(.seconds(2), deadline - .now))
            for id in waiting { await ask(id) }
            if ContinuousClock.now >= deadline { await board.giveUp("not finished within \(humanSeconds(time / .seconds(1)))") }
        }
        listener.cancel()
    }

    private func ask(_ id: MediaID) async {
        do { await board.heard(try await api.status(id)) } catch { await board.failed(id, "\(error)") }
    }
}
