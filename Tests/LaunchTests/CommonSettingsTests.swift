import Logging
import Redis
import TestSupport
import Testing

@testable import Launch

@Suite struct CommonSettingsTests {
    static let key = String(repeating: "k", count: 32)

    private func settings(_ values: [String: String]) throws -> CommonSettings {
        try CommonSettings(
            Environment(["MILLRACE_SIGNING_KEY": Self.key].merging(values) { $1 }), service: "test", defaultPort: 8082)
    }

    @Test func defaults() throws {
        let settings = try settings([:])
        #expect(settings.service == "test" && settings.host == "127.0.0.1" && settings.port == 8082)
        #expect(try settings.redisURL == RedisURL("redis://127.0.0.1:6379"))
        #expect(settings.partitions == 1 && settings.concurrency == 16 && settings.maxAttempts == 8)
        #expect(settings.visibility == .seconds(60) && settings.grace == .seconds(20) && !settings.allowEviction)
        #expect(settings.logFormat == .text && settings.logLevel == .info)
    }

    @Test(arguments: [
        ("MILLRACE_PORT", "0", #"MILLRACE_PORT: "0" is not a whole number from 1 to 65535"#),
        (
            "MILLRACE_SIGNING_KEY", "",
            "MILLRACE_SIGNING_KEY: is required: at least 32 random characters, the same for every service"
        ),
        ("MILLRACE_LOG", "xml", #"MILLRACE_LOG: "xml" is not one of text, json"#),
    ]) func wrongOnes(_ name: String, _ value: String, _ line: String) throws {
        let error = #expect(throws: SettingsError.self) { try settings([name: value]) }
        #expect(error?.description == line)
    }

    @Test func secretsStaySecret() throws {
        let error = #expect(throws: SettingsError.self) { try settings(["MILLRACE_REDIS_URL": "redis://:hunter2@:x/y"]) }
        #expect(error?.description.hasPrefix("MILLRACE_REDIS_URL: ") == true && error?.description.contains("hunter2") == false)
        let good = try settings(["MILLRACE_REDIS_URL": "redis://:hunter2@localhost"])
        var dumped = ""
        dump(good, to: &dumped)
        for text in [dumped, "\(good)", String(reflecting: good)] {
            #expect(!text.contains("hunter2") && !text.contains(Self.key))
        }
        #expect(good.signingKey.bytes == Array(Self.key.utf8))
    }

    @Test func certificatesOfRedis() throws {
        let certificates = try TestCertificates()
        let authority = certificates.authority
        let files = [
            "MILLRACE_REDIS_URL": "rediss://localhost", "MILLRACE_REDIS_CA_FILE": authority.certificate,
            "MILLRACE_REDIS_CERT_FILE": authority.certificate, "MILLRACE_REDIS_KEY_FILE": authority.key,
        ]
        let tls = RedisTLS(
            authorityFile: authority.certificate, certificateFile: authority.certificate, keyFile: authority.key)
        #expect(try settings(files).redisURL.tls == tls)
        #expect(try settings(["MILLRACE_REDIS_URL": "rediss://localhost"]).redisURL.tls == RedisTLS())
        for (name, value, line) in [
            ("MILLRACE_REDIS_URL", "redis://localhost", "MILLRACE_REDIS_URL: must start with rediss://"),
            ("MILLRACE_REDIS_KEY_FILE", "", "MILLRACE_REDIS_KEY_FILE: is required too"),
            ("MILLRACE_REDIS_CERT_FILE", "", "MILLRACE_REDIS_CERT_FILE: is required too"),
            ("MILLRACE_REDIS_CA_FILE", "/nowhere.pem", "MILLRACE_REDIS_*_FILE: /nowhere.pem: "),
        ] {
            let error = #expect(throws: SettingsError.self) { try settings(files.merging([name: value]) { $1 }) }
            #expect(error?.description.hasPrefix(line) == true, "\(String(describing: error))")
        }
    }
}
