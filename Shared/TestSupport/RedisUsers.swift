import FoundationEssentials

/// The users that `compose/redis/users.acl.template` gives each service, with their own names for passwords.
package enum RedisUsers {
    /// As lines of an ACL file.
    package static func lines() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let template = try String(contentsOf: root.appending(path: "compose/redis/users.acl.template"), encoding: .utf8)
        return template.split(separator: "\n").map { line in
            let words = line.split(separator: " ")
            return words.map { $0.hasPrefix(">${") ? ">\(words[1])" : String($0) }.joined(separator: " ")
        }.joined(separator: "\n")
    }
}
