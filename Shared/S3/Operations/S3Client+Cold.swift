import AWS
package import FoundationEssentials

/// A name and a value that an object carries, for rules to go by.
package struct S3Tag: Sendable, Hashable {
    package let key: String
    package let value: String

    package init(key: String, value: String) {
        self.key = key
        self.value = value
    }

    var node: XMLNode { XMLNode("Tag", [XMLNode("Key", text: key), XMLNode("Value", text: value)]) }
}

/// What is known of the readable copy of an archived object.
package enum S3Restoration: Sendable, Hashable {
    case ongoing
    /// It can be read until then.
    case done(expiry: Date)

    /// From the header `x-amz-restore`: `ongoing-request="false", expiry-date="Fri, 21 Dec 2012 00:00:00 GMT"`.
    init?(_ header: String) {
        if header.contains("ongoing-request=\"true\"") {
            self = .ongoing
            return
        }
        let parts = header.split(separator: "\"", omittingEmptySubsequences: false)
        guard let name = parts.firstIndex(where: { $0.hasSuffix("expiry-date=") }), name + 1 < parts.count,
            let expiry = AWSTime.parseHTTP(String(parts[name + 1]))
        else { return nil }
        self = .done(expiry: expiry)
    }
}

extension S3Client {
    package func tags(of key: String) async throws(S3Error) -> [S3Tag] {
        let answer = try Self.xml(try await send(S3Request("GET", key: key, query: [("tagging", "")])))
        return (answer["TagSet"]?.all("Tag") ?? []).map { S3Tag(key: $0["Key"]?.text ?? "", value: $0["Value"]?.text ?? "") }
    }

    /// Replaces all of them; at most ten.
    package func setTags(_ tags: [S3Tag], of key: String) async throws(S3Error) {
        let list = XMLNode("Tagging", [XMLNode("TagSet", tags.map(\.node))])
        var request = withXML(list, S3Request("PUT", key: key, query: [("tagging", "")]))
        request.expected = [200, 204]
        _ = try await send(request)
    }

    /// Asks for a readable copy of an archived object. One that is on its way is no error; of one that is there the time begins anew.
    /// - Parameter days: how long the copy stays; nil where the store decides.
    package func restore(_ key: String, days: Int?) async throws(S3Error) {
        let days = days.map { XMLNode("Days", text: "\($0)") }
        let job = XMLNode("GlacierJobParameters", [XMLNode("Tier", text: "Standard")])
        let list = XMLNode("RestoreRequest", days.map { [$0, job] } ?? [])
        var request = withXML(list, S3Request("POST", key: key, query: [("restore", "")]))
        request.expected = [200, 202]
        do { _ = try await send(request) } catch  where error.code == "RestoreAlreadyInProgress" {}
    }
}

extension S3Error {
    /// Whether a refused `restore` means that the store has no such thing, or not for this class.
    package var isRestoreUnknown: Bool {
        [405, 501].contains(status) || ["MethodNotAllowed", "NotImplemented", "InvalidObjectState"].contains(code)
    }
}
