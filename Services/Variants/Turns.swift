/// Lets a number of tasks run at once and a number wait; who comes then is sent away.
actor Turns {
    struct Full: Error {}

    private var free: Int
    private let maxWaiting: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(atOnce: Int, waiting: Int) {
        free = atOnce
        maxWaiting = waiting
    }

    nonisolated func take<Answer: Sendable>(_ work: @Sendable () async throws -> Answer) async throws -> Answer {
        try await begin()
        do {
            let answer = try await work()
            await end()
            return answer
        } catch {
            await end()
            throw error
        }
    }

    private func begin() async throws(Full) {
        if free > 0 {
            free -= 1
        } else {
            guard waiting.count < maxWaiting else { throw Full() }
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    /// Hands the turn on, first come first served.
    private func end() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
