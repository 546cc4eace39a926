import Foundation
import Synchronization
import TestSupport
import Testing

/// Stores that know less than Ceph and Amazon.
@Suite(.timeLimit(.minutes(1)))
struct BucketSetupTests {
    private static let arn = "arn:minio:sqs::millrace:webhook"

    @Test("what a store does not know holds up nothing else, and is said")
    func unknown() throws {
        let notification = Mutex("<NotificationConfiguration/>")
        let server = try RawServer { connection in
            while let head = connection.readHead() {
                let length = head.lowercased().split(separator: "content-length: ").last?.prefix { $0.isNumber }
                let body = connection.read(exactly: length.flatMap { Int($0) } ?? 0) ?? []
                switch head.prefix(while: { $0 != "\r\n" }).split(separator: " ").prefix(2).joined(separator: " ") {
                case "HEAD /media": connection.answer()
                case "GET /media?notification=": connection.answer(body: notification.withLock(\.self))
                case "PUT /media?notification=":
                    notification.withLock { $0 = String(decoding: body, as: UTF8.self) }
                    connection.answer()
                case "PUT /media?lifecycle=":
                    connection.answer("400 Bad Request", body: "<Error><Code>MalformedXML</Code></Error>")
                case "GET /media?lifecycle=":
                    connection.answer("404 Not Found", body: "<Error><Code>NoSuchLifecycleConfiguration</Code></Error>")
                default: connection.answer("501 Not Implemented", body: "<Error><Code>NotImplemented</Code></Error>")
                }
            }
        }
        defer { server.stop() }
        let run = try Build.run(
            "millrace", ["bucket", "setup", "--yes", "--notify", Self.arn],
            environment: [
                "PATH": "/usr/bin:/bin", "MILLRACE_STATE": "/nonexistent", "AWS_ACCESS_KEY_ID": "id",
                "AWS_SECRET_ACCESS_KEY": "secret", "MILLRACE_STORE": "s3://media/eu?endpoint=\(server.url(""))",
            ])
        #expect(run.status == 0, "\(run.output)")
        #expect(run.output.contains("not known to this store, set it by its own means: let pages of * upload"))
        #expect(run.output.contains("abort uploads in parts after 7 days (lifecycle) (MalformedXML)"))
        #expect(run.output.hasSuffix("done, but for what this store does not know\n"))
        let set = notification.withLock(\.self)
        #expect(set.contains(Self.arn) && set.contains("<Value>eu/</Value>"))
    }
}
