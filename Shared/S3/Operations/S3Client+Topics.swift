import AWS
import HTTPClient

/// A topic of Ceph's, which pushes what it is told to an address. Source: Ceph, "Bucket notifications".
package struct S3Topic: Sendable, Hashable {
    package let name: String
    package let arn: String
    /// Where it pushes to, with the secret for there.
    package let address: String
    /// Whether it keeps what it could not push and tries again.
    package let isPersistent: Bool

    package init(name: String, arn: String, address: String, isPersistent: Bool) {
        self.name = name
        self.arn = arn
        self.address = address
        self.isPersistent = isPersistent
    }
}

extension S3Client {
    private static let mostPages = 100

    /// - Throws: also for stores that know no topics, and where Ceph does not tell secrets over plain HTTP.
    package func topics() async throws(S3Error) -> [S3Topic] {
        var topics: [S3Topic] = []
        var next = ""
        for _ in 1...Self.mostPages {
            let more = next.isEmpty ? [] : [(name: "NextToken", value: next)]
            let page = try await callTopics("ListTopics", more)["ListTopicsResult"]
            for node in page?["Topics"]?.all("member") ?? [] {
                guard let topic = S3Topic(node) else { throw .unexpected("a listing of topics") }
                topics.append(topic)
            }
            next = page?["NextToken"]?.text ?? ""
            if next.isEmpty { return topics }
        }
        return topics
    }

    /// Makes a topic, or changes one of this name: rules of buckets hear of the change when they are set again.
    /// - Returns: its ARN.
    package func makeTopic(_ name: String, pushingTo address: String) async throws(S3Error) -> String {
        var parameters = [(name: "Name", value: name)]
        let attributes = [("push-endpoint", address), ("persistent", "true"), ("verify-ssl", "true")]
        for (number, (key, value)) in attributes.enumerated() {
            parameters.append(("Attributes.entry.\(number + 1).key", key))
            parameters.append(("Attributes.entry.\(number + 1).value", value))
        }
        let result = try await callTopics("CreateTopic", parameters)["CreateTopicResult"]
        guard let arn = result?["TopicArn"]?.text, !arn.isEmpty else { throw .unexpected("a topic without ARN") }
        return arn
    }

    private func callTopics(_ action: String, _ parameters: [(name: String, value: String)]) async throws(S3Error) -> XMLNode {
        var request = S3Request("POST")
        request.isOfService = true
        request.headers = [("content-type", "application/x-www-form-urlencoded")]
        let fields = [(name: "Action", value: action)] + parameters
        let text = fields.map { "\($0.name)=\(percentEncode($0.value, keepingSlashes: false))" }.joined(separator: "&")
        request.body = Array(text.utf8)
        return try Self.xml(try await send(request))
    }
}

extension S3Topic {
    init?(_ node: XMLNode) {
        guard let arn = node["TopicArn"]?.text, let name = node["Name"]?.text else { return nil }
        let endpoint = node["EndPoint"]
        self.init(
            name: name, arn: arn, address: endpoint?["EndpointAddress"]?.text ?? "",
            isPersistent: endpoint?["Persistent"]?.text.lowercased() == "true")
    }
}
