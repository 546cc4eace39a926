package import Events

/// A place in the store whose objects become media: `incoming/{project}/`, where the project's name is part of the key, or
/// `scans/=archive`, where all belong to one project.
package struct IngestPrefix: Sendable, Hashable, CustomStringConvertible {
    private static let placeholder = "{project}"
    /// What the store's keys of our own begin with.
    private static let ours: Set = ["projects", "system"]

    package let description: String
    /// What every key begins with.
    package let prefix: String
    /// What follows the project's name in the key.
    private let suffix: String
    private let project: ProjectID?

    /// Nil unless it ends with `/`, has one project, and lies outside of our own keys.
    package init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let pattern = parts[0]
        let names = pattern.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard pattern.utf8.count <= 512, names.count >= 2, names.last == "", names.dropLast().allSatisfy(Self.isName) else {
            return nil
        }
        guard !Self.ours.contains(names[0]) else { return nil }
        let places = names.indices.filter { names[$0] == Self.placeholder }
        guard places.count == (parts.count == 1 ? 1 : 0) else { return nil }
        description = text
        guard let place = places.first else {
            guard let project = ProjectID(parts[1]) else { return nil }
            (prefix, suffix, self.project) = (pattern, "", project)
            return
        }
        prefix = names[..<place].map { $0 + "/" }.joined()
        suffix = names[(place + 1)...].dropLast().map { $0 + "/" }.joined()
        project = nil
    }

    /// The project that an object belongs to; nil where it lies elsewhere, and for names that begin with a dot: so tools call what they are
    /// still writing.
    package func project(of key: String) -> ProjectID? {
        guard key.utf8.starts(with: prefix.utf8), !Self.ours.contains(String(key.prefix { $0 != "/" })) else { return nil }
        var rest = String(decoding: key.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)[...]
        var found = project
        if found == nil {
            let name = rest.prefix { $0 != "/" }
            found = ProjectID(String(name))
            rest = rest.dropFirst(name.count + 1)
            guard rest.hasPrefix(suffix) else { return nil }
            rest = rest.dropFirst(suffix.count)
        }
        let names = rest.split(separator: "/", omittingEmptySubsequences: false)
        return names.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") } ? found : nil
    }

    /// The project by the first prefix that fits.
    package static func project(of key: String, in prefixes: [IngestPrefix]) -> ProjectID? {
        for prefix in prefixes { if let project = prefix.project(of: key) { return project } }
        return nil
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name != "." && name != ".." && (name == placeholder || !name.contains(where: { "{}".contains($0) }))
    }
}
