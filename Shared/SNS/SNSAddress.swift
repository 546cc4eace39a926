/// Addresses of Amazon SNS. Everything else is refused by its text, before anybody is asked: no other host, port, user or path.
enum SNSAddress {
    private static let scheme = "https://"

    /// `https://sns.{region}.amazonaws.com/SimpleNotificationService-{letters and digits}.pem`, in the region of the topic. Any other name
    /// may be that of a bucket: `sns.s3-us-west-2.amazonaws.com` is one.
    static func isCertificate(_ url: String, of topic: String) -> Bool {
        guard let host = host(of: topic), url.utf8.count <= 256, url.utf8.starts(with: scheme.utf8) else { return false }
        let parts = url.dropFirst(scheme.count).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.elementsEqual(host.utf8) else { return false }
        let (start, end) = ("SimpleNotificationService-", ".pem")
        guard parts[1].utf8.starts(with: start.utf8), parts[1].hasSuffix(end) else { return false }
        let name = parts[1].dropFirst(start.count).dropLast(end.count)
        return !name.isEmpty && name.utf8.allSatisfy { isLetter($0) || isDigit($0) || (65...90).contains($0) }
    }

    /// Where a subscription is confirmed; nil where the topic is no ARN of SNS or the token none.
    static func confirmation(topic: String, token: String) -> String? {
        guard let host = host(of: topic), token.utf8.count <= 1024, isName(token[...]) else { return nil }
        return "\(scheme)\(host)/?Action=ConfirmSubscription&TopicArn=\(topic)&Token=\(token)"
    }

    /// SNS in the topic's region; nil where the topic is no ARN of SNS.
    private static func host(of topic: String) -> String? {
        let parts = topic.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "sns", isRegion(parts[3]),
            parts[4].utf8.allSatisfy(isDigit), isName(parts[5])
        else { return nil }
        switch parts[1] {
        case "aws", "aws-us-gov": return "sns.\(parts[3]).amazonaws.com"
        case "aws-cn": return "sns.\(parts[3]).amazonaws.com.cn"
        default: return nil
        }
    }

    private static func isRegion(_ text: Substring) -> Bool {
        (3...32).contains(text.utf8.count) && text.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
    }

    /// Letters, digits and marks that need no encoding in a query.
    private static func isName(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { isLetter($0) || isDigit($0) || (65...90).contains($0) || "-_.".utf8.contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}
