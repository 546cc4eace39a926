import FoundationEssentials
import HTTPClient

/// A role that is taken with a token from a file, as IRSA on Kubernetes mounts it: `AssumeRoleWithWebIdentity` of AWS STS, or
/// of a store that plays it (`AWS_ENDPOINT_URL_STS`). The call itself is not signed.
///
/// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
package struct WebIdentity: Sendable {
    private let tokenFile: String
    private let role: String
    private let session: String
    private let endpoint: String

    init(tokenFile: String, role: String, _ environment: [String: String], region: String? = nil) {
        let value = { (name: String) in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let region = value("AWS_REGION") ?? value("AWS_DEFAULT_REGION") ?? region ?? "us-east-1"
        self.tokenFile = tokenFile
        self.role = role
        session = value("AWS_ROLE_SESSION_NAME") ?? "millrace"
        endpoint = value("AWS_ENDPOINT_URL_STS") ?? "https://sts.\(region).amazonaws.com"
    }

    func assumeRole(_ http: HTTPClient) async throws(CredentialsError) -> AWSCredentials {
        // Read each time: the token is replaced while we run.
        let token = try readLine(of: tokenFile)
        let form = canonicalQuery([
            ("Action", "AssumeRoleWithWebIdentity"), ("Version", "2011-06-15"), ("RoleArn", role),
            ("RoleSessionName", session), ("WebIdentityToken", token),
        ])
        let request = HTTPClient.Request(
            "POST", endpoint, headers: [("content-type", "application/x-www-form-urlencoded"), ("accept", "application/xml")],
            body: .bytes(Array(form.utf8)), timeout: .seconds(15), maxResponseBytes: 1 << 20)
        let response: HTTPClient.Response
        do { response = try await http.send(request) } catch {
            throw CredentialsError("the security token service does not answer: \(error)")
        }
        return try Self.read(response)
    }

    private static func read(_ response: HTTPClient.Response) throws(CredentialsError) -> AWSCredentials {
        let answer = try? XMLNode.parse(response.body)
        guard response.status == 200 else {
            let code = answer?["Error"]?["Code"]?.text ?? answer?["Code"]?.text ?? ""
            throw CredentialsError("the security token service refuses: \(response.status) \(code.prefix(100))")
        }
        guard let found = answer?["AssumeRoleWithWebIdentityResult"]?["Credentials"], let id = found["AccessKeyId"]?.text,
            let secret = found["SecretAccessKey"]?.text, let token = found["SessionToken"]?.text,
            let expiry = found["Expiration"].flatMap({ AWSTime.parse($0.text) })
        else { throw CredentialsError("the security token service answers something else") }
        return AWSCredentials(accessKeyId: id, secretAccessKey: secret, sessionToken: token, expiresAt: expiry)
    }
}
