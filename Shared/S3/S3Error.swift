import AWS
import HTTPClient

/// Why S3 did not do what it was asked.
package struct S3Error: Error, Sendable, Hashable, CustomStringConvertible {
    /// Of the HTTP response; 0 where there was none.
    package let status: Int
    /// As S3 names it, for example `NoSuchKey`; ours where there was no response.
    package let code: String
    package let message: String

    package var description: String {
        "S3: \(status == 0 ? "" : "\(status) ")\(code)\(message.isEmpty ? "" : " (\(message.prefix(300)))")"
    }

    /// The request cannot be made as it is.
    package static let invalidCode = "InvalidRequest"
    /// No answer, or not to the end.
    package static let connectionCode = "ConnectionFailed"
    static let credentialsCode = "NoCredentials"
    static let answerCode = "UnexpectedAnswer"

    init(status: Int = 0, code: String, message: String = "") {
        self.status = status
        self.code = code
        self.message = message
    }

    static func invalid(_ message: String) -> S3Error { S3Error(code: invalidCode, message: message) }
    static func unexpected(_ message: String) -> S3Error { S3Error(code: answerCode, message: message) }

    init(_ error: HTTPClientError) {
        self.init(code: error.code == .invalidRequest ? Self.invalidCode : Self.connectionCode, message: error.description)
    }

    /// From an answer that is none of those expected. `HEAD` has no body: then the status must do.
    init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        let error = try? XMLNode.parse(body)
        let region = headers.first { $0.name == "x-amz-bucket-region" }.map { "the bucket is in the region \($0.value)" }
        let isMoved = (300..<400).contains(status)
        self.init(
            status: status, code: error?["Code"]?.text ?? Self.name(status),
            message: (isMoved ? region : nil) ?? error?["Message"]?.text ?? "")
    }

    private static func name(_ status: Int) -> String {
        switch status {
        case 403: "AccessDenied"
        case 404: "NotFound"
        case 412: "PreconditionFailed"
        case 416: "InvalidRange"
        case 503: "SlowDown"
        default: "HTTPStatus"
        }
    }

    /// Whether the same request may do better in a moment.
    var isTransient: Bool {
        switch status {
        case 429, 500, 502, 503, 504: true
        case 0: code == Self.connectionCode
        default: ["RequestTimeout", "SlowDown", "OperationAborted", "ConditionalRequestConflict"].contains(code)
        }
    }

    /// Whether other credentials may do better.
    var isAboutCredentials: Bool { AWSCredentials.areRefused(by: code) }
}
