import FoundationEssentials
import Glibc
import S3
import TestSupport
import Testing

/// A bucket behind nginx with TLS and HTTP/2.
@Suite(.enabled(if: RGWServer.canRun)) struct TLSTests {
    @Test("HTTP/2 where it is offered, with an authority of one's own; without it nothing is sent")
    func http2() async throws {
        let server = try await RGWServer.shared()
        let certificates = try TestCertificates()
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        let port = try freePort()
        let nginx = try start(server, certificates, directory, port)
        defer { nginx.kill() }
        let name = try await server.bucket().location.bucket
        let location = "s3://\(name)?endpoint=https://localhost:\(port)"
        var environment = server.environment
        environment["AWS_CA_BUNDLE"] = certificates.authority.certificate
        let client = try S3Client(S3Location(location, environment: environment), environment: environment)
        try await eventually("nginx answers") { (try? await client.headBucket()) == true }
        let body = [UInt8](repeating: 7, count: 3_000_000)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask { _ = try await client.put("ä +\(number)", body, contentType: "text/plain") }
            }
            try await group.waitForAll()
        }
        #expect(try await client.list(prefix: "ä +").objects.map(\.size) == Array(repeating: 3_000_000, count: 8))
        let log = try String(contentsOfFile: "\(directory.path)/access.log", encoding: .utf8)
        let protocols = Set(log.split(separator: "\n").filter { $0.contains("PUT") })
        #expect(protocols == ["HTTP/2.0 PUT 200"], "\(protocols)")

        environment["AWS_CA_BUNDLE"] = nil
        let stranger = try S3Client(S3Location(location, environment: environment), environment: environment)
        await #expect { _ = try await stranger.head("a") } throws: { ($0 as? S3Error)?.code == S3Error.connectionCode }
    }

    private func start(
        _ server: RGWServer, _ certificates: TestCertificates, _ directory: TemporaryDirectory, _ port: Int
    ) throws -> ChildProcess {
        let pair = try certificates.sign("localhost", hosts: ["DNS:localhost"])
        let text = """
            \(geteuid() == 0 ? "user root;" : "")
            daemon off; pid nginx.pid; error_log error.log;
            events {}
            http {
              log_format protocol '$server_protocol $request_method $status';
              access_log access.log protocol;
              client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
              server {
                listen 127.0.0.1:\(port) ssl http2;
                ssl_certificate \(pair.certificate); ssl_certificate_key \(pair.key);
                client_max_body_size 0;
                location / { proxy_pass http://127.0.0.1:\(server.port); proxy_set_header Host $http_host; }
              }
            }
            """
        try Data(text.utf8).write(to: URL(filePath: "\(directory.path)/nginx.conf"))
        let nginx = access("/usr/sbin/nginx", X_OK) == 0 ? "/usr/sbin/nginx" : "nginx"
        return try ChildProcess([nginx, "-p", directory.path, "-c", "nginx.conf", "-e", "error.log"])
    }
}
