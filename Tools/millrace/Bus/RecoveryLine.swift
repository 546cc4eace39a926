import Events
import ObjectStore
import Recovery

/// What is told of one finding.
struct RecoveryLine: Encodable {
    /// `process`, `complete`, `index`, `remove`, `wait` or `unreadable`.
    let action: String
    let mediaId: String
    let projectId: String
    /// What it is about: a key of the store, or why nothing can be done.
    let detail: String
    let isDryRun: Bool

    /// Nil when there is nothing to tell: somebody else was faster.
    init?(_ finding: Finding, _ outcome: Recovery.Outcome, isDry: Bool) {
        mediaId = finding.keys.mediaId.rawValue
        projectId = finding.keys.projectId.rawValue
        isDryRun = isDry
        switch (finding, outcome) {
        case (_, .unreadable(let reason)): (action, detail) = ("unreadable", reason)
        case (.young(let keys), _): (action, detail) = ("wait", keys.prefix)
        case (_, .untouched): return nil
        case (.lostOriginal(_, let original), .mended): (action, detail) = ("process", original.key)
        case (.untoldOriginal(_, let original), .mended): (action, detail) = ("complete", original.key)
        case (.lostEntry(let keys), .mended): (action, detail) = ("index", keys.manifest)
        case (.abandonedOriginal(_, let original), .mended): (action, detail) = ("remove", original.key)
        }
    }

    var text: String {
        let verb = Terminal.paint(action.padded(10), action == "unreadable" ? .red : .grey)
        return "  \(verb)  \(mediaId)  \(detail.escaped)\n"
    }
}
