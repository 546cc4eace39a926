import Events

/// A webhook's identity, `wh_<project>_<24 hex digits>`: it names its project, so that no index has to.
struct WebhookID: Hashable, Sendable {
    let rawValue: String
    let project: ProjectID

    /// Nil for any text that `generate` does not produce.
    init?(_ text: String) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "wh", let project = ProjectID(String(parts[1])), parts[2].utf8.count == 24,
            parts[2].utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { return nil }
        self.rawValue = text
        self.project = project
    }

    private init(valid: String, project: ProjectID) {
        rawValue = valid
        self.project = project
    }

    static func generate(for project: ProjectID) -> WebhookID {
        let digits = (0..<24).map { _ in String(Int.random(in: 0..<16), radix: 16) }.joined()
        return WebhookID(valid: "wh_\(project)_\(digits)", project: project)
    }
}
