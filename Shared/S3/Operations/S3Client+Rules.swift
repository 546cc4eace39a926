import AWS
import HTTPClient

/// Which pages of other origins may use a bucket.
package struct S3CORSRule: Sendable, Hashable {
    let node: XMLNode

    package var id: String { node["ID"]?.text ?? "" }

    /// - Parameter maxAge: seconds that browsers may remember the answer.
    package init(id: String, origins: [String], methods: [String], headers: [String], exposed: [String], maxAge: Int) {
        let list = { (name: String, values: [String]) in values.map { XMLNode(name, text: $0) } }
        let lists = list("AllowedOrigin", origins) + list("AllowedMethod", methods) + list("AllowedHeader", headers)
        node = XMLNode(
            "CORSRule", list("ID", [id]) + lists + list("ExposeHeader", exposed) + list("MaxAgeSeconds", ["\(maxAge)"]))
    }

    init(_ node: XMLNode) { self.node = node }

    package static func == (one: S3CORSRule, other: S3CORSRule) -> Bool { one.node.isSame(other.node) }
    package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// What happens to objects and uploads by their age.
package struct S3LifecycleRule: Sendable, Hashable {
    let node: XMLNode

    package var id: String { node["ID"]?.text ?? "" }

    package static func abortUploads(id: String, prefix: String, afterDays days: Int) -> S3LifecycleRule {
        S3LifecycleRule(
            XMLNode(
                "Rule",
                [
                    XMLNode("ID", text: id), XMLNode("Filter", [XMLNode("Prefix", text: prefix)]),
                    XMLNode("Status", text: "Enabled"),
                    XMLNode("AbortIncompleteMultipartUpload", [XMLNode("DaysAfterInitiation", text: "\(days)")]),
                ]))
    }

    init(_ node: XMLNode) { self.node = node }

    private var essence: [String?] {
        let prefix = node["Filter"]?["Prefix"]?.text ?? node["Prefix"]?.text ?? ""
        return [id, node["Status"]?.text, prefix, node["AbortIncompleteMultipartUpload"]?["DaysAfterInitiation"]?.text]
    }

    /// Of what uploads in parts are concerned; stores write an empty prefix in ways of their own.
    package static func == (one: S3LifecycleRule, other: S3LifecycleRule) -> Bool { one.essence == other.essence }
    package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

extension S3Client {
    package func corsRules() async throws(S3Error) -> [S3CORSRule] {
        try await rules("cors", "CORSRule", none: "NoSuchCORSConfiguration").map(S3CORSRule.init)
    }

    /// Replaces all of them.
    package func setCORSRules(_ rules: [S3CORSRule]) async throws(S3Error) {
        let list = XMLNode("CORSConfiguration", rules.map(\.node))
        _ = try await send(withXML(list, S3Request("PUT", query: [("cors", "")])))
    }

    package func lifecycleRules() async throws(S3Error) -> [S3LifecycleRule] {
        try await rules("lifecycle", "Rule", none: "NoSuchLifecycleConfiguration").map(S3LifecycleRule.init)
    }

    /// Replaces all of them.
    package func setLifecycleRules(_ rules: [S3LifecycleRule]) async throws(S3Error) {
        let list = XMLNode("LifecycleConfiguration", rules.map(\.node))
        _ = try await send(withXML(list, S3Request("PUT", query: [("lifecycle", "")])))
    }

    private func rules(_ name: String, _ element: String, none: String) async throws(S3Error) -> [XMLNode] {
        do { return try Self.xml(try await send(S3Request("GET", query: [(name, "")]))).all(element) } catch
            where error.code == none
        { return [] }
    }
}

extension XMLNode {
    /// Stores answer a rule's elements in an order of their own.
    fileprivate func isSame(_ other: XMLNode) -> Bool { sorted == other.sorted }

    private var sorted: String {
        "<\(name)>\(text)" + children.map(\.sorted).sorted().joined() + "</>"
    }
}
