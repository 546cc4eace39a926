package import Events
package import Messaging

/// What one step does with a media; `StepHandler` does the rest.
package protocol StepWork: Sendable {
    static var step: Step { get }
    /// The service's own.
    static var group: Group { get }
    /// What the media's status says when the work is given up and nobody knows better.
    static var lament: String { get }

    /// Does the work; it may run again for the same event.
    /// - Throws: `Failure`, judged; `StoreError` is judged by the handler.
    func run(_ incoming: Incoming<MediaIngested>) async throws -> StepOutcome

    /// Removes what unfinished work has left behind: it is given up, and the media is about to hear of it.
    func clear(after event: MediaIngested) async
}

extension StepWork {
    package func clear(after event: MediaIngested) async {}
}

/// What a step found or made.
package struct StepOutcome: Sendable, Hashable {
    package let result: StepResult
    package let warnings: [MediaWarning]

    package init(_ result: StepResult, warnings: [MediaWarning] = []) {
        self.result = result
        self.warnings = warnings
    }
}
