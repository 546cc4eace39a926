package import AWS

/// Who is told of new objects of a bucket.
package struct S3Notification: Sendable, Hashable {
    let node: XMLNode

    /// - Parameters:
    ///   - arn: a topic's (`arn:aws:sns:…`) or a queue's (`arn:aws:sqs:…`, `arn:minio:sqs::…`).
    ///   - prefix: what the keys begin with that are told of; empty for all.
    /// - Returns: nil where the name is of neither kind.
    package init?(id: String, arn: String, prefix: String) {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 6, parts[0] == "arn", let kind = ["sns": "Topic", "sqs": "Queue"][parts[2]] else { return nil }
        let rule = XMLNode("FilterRule", [XMLNode("Name", text: "prefix"), XMLNode("Value", text: prefix)])
        let filter = prefix.isEmpty ? [] : [XMLNode("Filter", [XMLNode("S3Key", [rule])])]
        let members = [XMLNode("Id", text: id), XMLNode(kind, text: arn), XMLNode("Event", text: "s3:ObjectCreated:*")]
        node = XMLNode("\(kind)Configuration", members + filter)
    }

    private init(_ node: XMLNode) { self.node = node }

    /// Amazon EventBridge, which is told of everything and filters by itself.
    package static let eventBridge = S3Notification(XMLNode("EventBridgeConfiguration"))

    /// Stores answer a rule in an order and with empty elements of their own.
    package static func == (one: S3Notification, other: S3Notification) -> Bool { one.node.essence == other.node.essence }
    package func hash(into hasher: inout Hasher) { hasher.combine(node.name) }
}

/// All whom a bucket tells: of kinds that we do not know as well, which stay as they are.
package struct S3Notifications: Sendable {
    private var nodes: [XMLNode]

    package init(_ configuration: XMLNode) { nodes = configuration.children }

    package func contains(_ notification: S3Notification) -> Bool {
        nodes.contains { $0.essence == notification.node.essence }
    }

    /// With `notification` and without others of the name `id`, which were ours.
    package func adding(_ notification: S3Notification, inPlaceOf id: String) -> S3Notifications {
        var copy = self
        copy.nodes.removeAll { $0["Id"]?.text == id || $0.essence == notification.node.essence }
        copy.nodes.append(notification.node)
        return copy
    }

    package var configuration: XMLNode { XMLNode("NotificationConfiguration", nodes) }
}

extension S3Client {
    package func notifications() async throws(S3Error) -> S3Notifications {
        S3Notifications(try Self.xml(try await send(S3Request("GET", query: [("notification", "")]))))
    }

    /// Replaces all of them; AWS tries first whether the new ones can be told.
    package func setNotifications(_ notifications: S3Notifications) async throws(S3Error) {
        _ = try await send(withXML(notifications.configuration, S3Request("PUT", query: [("notification", "")])))
    }
}

extension XMLNode {
    /// What a rule does.
    fileprivate var essence: [String] {
        let target = ["Topic", "Queue", "CloudFunction"].compactMap { self[$0]?.text }
        let rules = self["Filter"]?["S3Key"]?.all("FilterRule") ?? []
        let filter = rules.map { "\($0["Name"]?.text.lowercased() ?? "")=\($0["Value"]?.text ?? "")" }
        return [name, self["Id"]?.text ?? ""] + target + all("Event").map(\.text).sorted() + filter.sorted()
    }
}
