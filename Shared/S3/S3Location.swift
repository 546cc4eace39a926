import AWS

/// A bucket, or a part of one, and how to reach it.
///
/// `s3://bucket/prefix?endpoint=http://127.0.0.1:7480&region=us-east-1&style=path&public=https://s3.example.com`; all but the
/// bucket may be left out. Without an endpoint it is AWS, or what `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL` say; without a region that
/// of `AWS_REGION`, `AWS_DEFAULT_REGION` or the profile, or `us-east-1`; without a style virtual hosts on AWS and paths elsewhere.
package struct S3Location: Sendable, Hashable {
    package enum Style: String, Sendable, Hashable { case path, virtual }

    package let bucket: String
    /// Without slashes around it; empty for the whole bucket.
    package let prefix: String
    package let region: String
    let style: Style
    /// Where we reach the store.
    let endpoint: S3Endpoint
    /// Where clients reach it: into presigned URLs goes this one.
    let publicEndpoint: S3Endpoint

    /// Whether it is Amazon's own S3.
    package var isAmazon: Bool { endpoint.isAmazon }

    package init(_ text: String, environment: [String: String]) throws(S3Error) {
        guard text.hasPrefix("s3://") else { throw .invalid("must begin with s3://") }
        let parts = text.dropFirst("s3://".count).split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let names = parts[0].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let options = try Self.options(parts.count > 1 ? parts[1] : "")
        let value = { (name: String) in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        bucket = String(names[0])
        guard Self.isBucket(bucket) else { throw .invalid("does not name a bucket") }
        prefix = names.count > 1 ? Self.trimmed(names[1]) : ""
        guard !prefix.contains("//"), prefix.utf8.count <= 512 else { throw .invalid("has a prefix that is none") }
        region =
            options["region"] ?? value("AWS_REGION") ?? value("AWS_DEFAULT_REGION") ?? SharedProfile(environment)["region"]
            ?? "us-east-1"
        let amazon = "https://s3.\(region).amazonaws.com"
        let address = options["endpoint"] ?? value("AWS_ENDPOINT_URL_S3") ?? value("AWS_ENDPOINT_URL") ?? amazon
        endpoint = try S3Endpoint(address)
        publicEndpoint = try options["public"].map { (text) throws(S3Error) in try S3Endpoint(text) } ?? endpoint
        // A certificate for *.s3.amazonaws.com does not hold for a bucket with dots.
        let isVirtual = endpoint.isAmazon && !bucket.contains(".")
        guard let style = options["style"].map(Style.init(rawValue:)) ?? (isVirtual ? .virtual : .path) else {
            throw .invalid("has a style other than path or virtual")
        }
        self.style = style
    }

    private static func options(_ query: Substring) throws(S3Error) -> [String: String] {
        var options: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let value = percentDecode(parts[1]),
                ["endpoint", "region", "style", "public"].contains(parts[0]), options[String(parts[0])] == nil
            else { throw .invalid("has an option other than endpoint, region, style and public, or one twice") }
            options[String(parts[0])] = value
        }
        return options
    }

    /// Source: S3's rules for general purpose buckets, with the underscores and capitals of old ones.
    private static func isBucket(_ name: String) -> Bool {
        (3...255).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || "-._".utf8.contains($0)
            } && !name.contains("..")
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == "/" }.reversed().drop { $0 == "/" }.reversed())
    }
}

/// A scheme and an authority, nothing else.
struct S3Endpoint: Sendable, Hashable {
    let scheme: String
    /// As the `Host` header has it: without the scheme's own port.
    let host: String
    var isAmazon: Bool { host.hasSuffix(".amazonaws.com") }

    init(_ url: String) throws(S3Error) {
        let parts = url.split(separator: "://", maxSplits: 1).map(String.init)
        guard parts.count == 2, ["http", "https"].contains(parts[0]) else {
            throw .invalid("has an endpoint that is no http(s) URL")
        }
        let host = parts[1].hasSuffix("/") ? String(parts[1].dropLast()) : parts[1]
        let isAllowed = host.utf8.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || "-._:[]".utf8.contains($0)
        }
        guard !host.isEmpty, isAllowed else { throw .invalid("has an endpoint with more than a host and a port") }
        let own = parts[0] == "http" ? ":80" : ":443"
        scheme = parts[0]
        self.host = (host.hasSuffix(own) ? String(host.dropLast(own.count)) : host).lowercased()
    }
}
