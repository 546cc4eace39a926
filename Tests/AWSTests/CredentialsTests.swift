import AWS
import Foundation
import HTTPClient
import Synchronization
import TestSupport
import Testing

@Suite struct CredentialsTests {
    private let directory = TemporaryDirectory()

    private func write(_ text: String, to name: String) throws -> String {
        let path = "\(directory.path)/\(name)"
        try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
        return path
    }

    private func load(_ environment: [String: String]) async throws -> AWSCredentials {
        let http = HTTPClient()
        return try await CredentialsProvider(try CredentialsSource.find(in: environment), http: http).credentials()
    }

    @Test("keys of the environment go before everything else")
    func environment() async throws {
        let all = ["AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t", "AWS_PROFILE": "x"]
        #expect(try await load(all) == AWSCredentials(accessKeyId: "id", secretAccessKey: "s", sessionToken: "t"))
        for half in [
            ["AWS_ACCESS_KEY_ID": "id"], ["AWS_ACCESS_KEY_ID_FILE": "/f"], ["AWS_WEB_IDENTITY_TOKEN_FILE": "/f"],
        ] {
            #expect(throws: CredentialsError.self) { try CredentialsSource.find(in: half) }
        }
    }

    @Test("keys in mounted files are read again when they change")
    func files() async throws {
        let clock = Mutex(Date(timeIntervalSince1970: 1000))
        let environment = [
            "AWS_ACCESS_KEY_ID_FILE": try write("one\n", to: "id"), "AWS_SECRET_ACCESS_KEY_FILE": try write("s\n", to: "s"),
        ]
        let provider = CredentialsProvider(try CredentialsSource.find(in: environment), http: HTTPClient()) {
            clock.withLock { $0 }
        }
        #expect(try await provider.credentials().accessKeyId == "one")
        _ = try write("two", to: "id")
        #expect(try await provider.credentials().accessKeyId == "one")
        clock.withLock { $0 += 61 }
        #expect(try await provider.credentials().accessKeyId == "two")
        // While a secret is being replaced the old one serves.
        _ = try write("", to: "id")
        clock.withLock { $0 += 61 }
        #expect(try await provider.credentials().accessKeyId == "two")
    }

    @Test("profiles are read as AWS's own tools read them")
    func profiles() async throws {
        var environment = [
            "AWS_SHARED_CREDENTIALS_FILE": try write(
                "# c\n[default]\naws_access_key_id = d\naws_secret_access_key=ds=\n\n[ eu ]\naws_access_key_id=e\naws_secret_access_key = es\n",
                to: "credentials"),
            "AWS_CONFIG_FILE": try write(
                "[default]\nregion = us-west-2\n[profile eu]\nregion = eu-central-1\ns3 =\n  region = no\n[profile c]\naws_access_key_id=c\naws_secret_access_key=cs\naws_session_token=ct\n",
                to: "config"),
        ]
        #expect(try await load(environment) == AWSCredentials(accessKeyId: "d", secretAccessKey: "ds="))
        #expect(SharedProfile(environment)["region"] == "us-west-2")
        environment["AWS_PROFILE"] = "eu"
        #expect(try await load(environment) == AWSCredentials(accessKeyId: "e", secretAccessKey: "es"))
        #expect(SharedProfile(environment)["region"] == "eu-central-1")
        environment["AWS_PROFILE"] = "c"
        #expect(try await load(environment) == AWSCredentials(accessKeyId: "c", secretAccessKey: "cs", sessionToken: "ct"))
        environment["AWS_PROFILE"] = "nobody"
        await #expect(throws: CredentialsError.self) { try await load(environment) }
    }

    @Test("a role is taken with the token of the file, once for all who ask, and again before it ends")
    func webIdentity() async throws {
        let requests = Mutex<[String]>([])
        let server = try RawServer { connection in
            let head = connection.readHead() ?? ""
            let length = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
                .flatMap { Int($0.split(separator: ":")[1].trimmingCharacters(in: .whitespaces)) }
            let body = connection.read(exactly: length ?? 0) ?? []
            let number = requests.withLock { all in
                all.append(String(decoding: body, as: UTF8.self))
                return all.count
            }
            connection.answer(headers: "Connection: close\r\n", body: Self.answer(number))
        }
        defer { server.stop() }
        let clock = Mutex(try #require(AWSTime.parse("2026-01-01T00:00:00Z")))
        let environment = [
            "AWS_WEB_IDENTITY_TOKEN_FILE": try write("first.token\n", to: "token"), "AWS_ROLE_ARN": "arn:aws:iam::1:role/r",
            "AWS_ENDPOINT_URL_STS": server.url(),
        ]
        let provider = CredentialsProvider(try CredentialsSource.find(in: environment), http: HTTPClient()) {
            clock.withLock { $0 }
        }
        try await withThrowingTaskGroup { group in
            for _ in 0..<20 { group.addTask { try await provider.credentials() } }
            for try await one in group { #expect(one.accessKeyId == "id1" && one.sessionToken == "token1") }
        }
        #expect(requests.withLock { $0.count } == 1)
        #expect(
            requests.withLock { $0[0] }.contains("Action=AssumeRoleWithWebIdentity&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr"))
        #expect(requests.withLock { $0[0] }.hasSuffix("&WebIdentityToken=first.token"))
        // It ends at 01:00; five minutes before a new one is fetched, with the token that is in the file by then.
        _ = try write("second.token", to: "token")
        clock.withLock { $0 += 54 * 60 }
        #expect(try await provider.credentials().accessKeyId == "id1")
        clock.withLock { $0 += 2 * 60 }
        #expect(try await provider.credentials().accessKeyId == "id2")
        #expect(requests.withLock { $0[1] }.hasSuffix("&WebIdentityToken=second.token"))
        // What the store refuses is forgotten.
        let refused = try await provider.credentials()
        await provider.forget(refused)
        #expect(try await provider.credentials().accessKeyId == "id3")
        // The service is away: old credentials serve until their end, and not a second longer.
        server.stop()
        clock.withLock { $0 += 3 * 60 }
        #expect(try await provider.credentials().accessKeyId == "id3")
        clock.withLock { $0 += 60 }
        await #expect(throws: CredentialsError.self) { try await provider.credentials() }
    }

    private static func answer(_ number: Int) -> String {
        """
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
        <Credentials><AccessKeyId>id\(number)</AccessKeyId><SecretAccessKey>s\(number)</SecretAccessKey>
        <SessionToken>token\(number)</SessionToken><Expiration>2026-01-01T01:00:00Z</Expiration></Credentials>
        </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
        """
    }
}
