/// A profile of AWS's shared files: `AWS_PROFILE` in `AWS_SHARED_CREDENTIALS_FILE` (`~/.aws/credentials`) and `AWS_CONFIG_FILE`
/// (`~/.aws/config`). Keys and web identity tokens are understood; roles by other profiles, SSO and programs are not.
///
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
package struct SharedProfile: Sendable {
    let name: String
    private let credentialsFile: String
    private let configFile: String
    private let environment: [String: String]

    package init(_ environment: [String: String]) {
        let value = { (name: String) in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let home = (value("HOME") ?? "") + "/.aws/"
        name = value("AWS_PROFILE") ?? "default"
        credentialsFile = value("AWS_SHARED_CREDENTIALS_FILE") ?? home + "credentials"
        configFile = value("AWS_CONFIG_FILE") ?? home + "config"
        self.environment = environment
    }

    /// What the files say of the profile: the credentials file goes before the configuration. Read anew each time.
    package subscript(key: String) -> String? {
        if let file = try? readText(of: credentialsFile), let value = Self.section(name, of: file)[key] { return value }
        guard let file = try? readText(of: configFile) else { return nil }
        return Self.section(name == "default" ? name : "profile \(name)", of: file)[key]
    }

    func credentials() throws(CredentialsError) -> AWSCredentials {
        guard let id = self["aws_access_key_id"], let secret = self["aws_secret_access_key"] else {
            throw CredentialsError(
                "no credentials: neither in the environment nor in the profile \"\(name)\" of \(credentialsFile)")
        }
        return AWSCredentials(accessKeyId: id, secretAccessKey: secret, sessionToken: self["aws_session_token"])
    }

    var webIdentity: WebIdentity? {
        guard let file = self["web_identity_token_file"], let role = self["role_arn"] else { return nil }
        return WebIdentity(tokenFile: file, role: role, environment, region: self["region"])
    }

    /// Nested settings, which are indented, and everything that is no `name = value` are passed over.
    private static func section(_ name: String, of file: String) -> [String: String] {
        var current = ""
        var values: [String: String] = [:]
        for line in file.split(whereSeparator: \.isNewline) {
            guard let first = line.first, first != "#", first != ";", !first.isWhitespace else { continue }
            if first == "[" {
                current = line.dropFirst().prefix { $0 != "]" }.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            } else if current == name, let equals = line.firstIndex(of: "=") {
                values[line[..<equals].trimmed.lowercased()] = line[line.index(after: equals)...].trimmed
            }
        }
        return values
    }
}
