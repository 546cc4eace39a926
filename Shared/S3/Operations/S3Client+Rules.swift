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

    /// Whom it is for and what it does. Stores write an empty prefix in ways of their own, and a prefix with tags in an `And` or without.
    private var essence: [String] {
        let filter = node["Filter"]?["And"] ?? node["Filter"]
        let prefix = filter?["Prefix"]?.text ?? node["Prefix"]?.text ?? ""
        let actions = node.children.filter { !["ID", "Status", "Filter", "Prefix"].contains($0.name) && !$0.isEmpty }
        let conditions = filter?.children.filter { $0.name != "Prefix" && !$0.isEmpty } ?? []
        return [id, node["Status"]?.text ?? "", prefix] + (conditions + actions).map(\.sorted).sorted()
    }

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
        try await rules("lifecycle", "Rule", none: Self.noLifecycle).map(S3LifecycleRule.init)
    }

    /// Replaces all of them.
    package func setLifecycleRules(_ rules: [S3LifecycleRule]) async throws(S3Error) {
        let list = XMLNode("LifecycleConfiguration", rules.map(\.node))
        var request = withXML(list, S3Request("PUT", query: [("lifecycle", "")]))
        // Which sizes the rules are for is said beside them: without it Amazon would fall back to its own default.
        let name = "x-amz-transition-default-minimum-object-size"
        if let size = try await answer("lifecycle", none: Self.noLifecycle)?.header(name) { request.headers.append((name, size)) }
        _ = try await send(request)
    }

    private static let noLifecycle = "NoSuchLifecycleConfiguration"

    private func rules(_ name: String, _ element: String, none: String) async throws(S3Error) -> [XMLNode] {
        guard let answer = try await answer(name, none: none) else { return [] }
        return try Self.xml(answer).all(element)
    }

    private func answer(_ name: String, none: String) async throws(S3Error) -> HTTPClient.Response? {
        do { return try await send(S3Request("GET", query: [(name, "")])) } catch  where error.code == none { return nil }
    }
}

extension XMLNode {
    /// Stores answer a rule's elements in an order of their own.
    fileprivate func isSame(_ other: XMLNode) -> Bool { sorted == other.sorted }

    fileprivate var isEmpty: Bool { text.isEmpty && children.isEmpty }

    fileprivate var sorted: String {
        "<\(name)>\(text)" + children.map(\.sorted).sorted().joined() + "</>"
    }
}
