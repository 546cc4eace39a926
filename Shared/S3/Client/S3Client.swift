package import AWS
import FoundationEssentials
package import HTTPClient

/// S3 over libcurl: signs, sends, and tries again what may pass. Keys are those of the bucket, whatever the location's prefix.
///
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
package struct S3Client: Sendable {
    package let location: S3Location
    let http: HTTPClient
    let credentials: CredentialsProvider
    let retries: S3Retries

    /// - Throws: what is wrong with the credentials' variables; whether there are any is seen when they are needed.
    package init(_ location: S3Location, environment: [String: String]) throws(S3Error) {
        let access: AWSAccess
        do { access = try AWSAccess(environment) } catch {
            throw S3Error(code: S3Error.credentialsCode, message: error.description)
        }
        self.init(location, credentials: access.credentials, http: access.http)
    }

    package init(_ location: S3Location, credentials: CredentialsProvider, http: HTTPClient) {
        self.location = location
        self.http = http
        self.credentials = credentials
        retries = S3Retries()
    }

    func send(_ request: S3Request) async throws(S3Error) -> HTTPClient.Response {
        let hash = sha256Hex(request.body)
        return try await retries.run { () throws(S3Error) in
            let used = try await currentCredentials()
            let response = try await exchange(signed(request, hash, with: used))
            guard request.expected.contains(response.status) else {
                throw await judged(S3Error(status: response.status, headers: response.headers, body: response.body), of: used)
            }
            return response
        }
    }

    /// The response's head, and its bytes as they are asked for.
    func stream(_ request: S3Request) async throws(S3Error) -> HTTPClient.OpenResponse {
        let hash = sha256Hex(request.body)
        return try await retries.run { () throws(S3Error) in
            let used = try await currentCredentials()
            let response = try await open(signed(request, hash, with: used))
            guard request.expected.contains(response.status) else {
                let body = await Self.beginning(of: response)
                throw await judged(S3Error(status: response.status, headers: response.headers, body: body), of: used)
            }
            return response
        }
    }

    private func exchange(_ request: HTTPClient.Request) async throws(S3Error) -> HTTPClient.Response {
        do { return try await http.send(request) } catch { throw S3Error(error) }
    }

    private func open(_ request: HTTPClient.Request) async throws(S3Error) -> HTTPClient.OpenResponse {
        do { return try await http.open(request) } catch { throw S3Error(error) }
    }

    /// - Parameter used: what the request was signed with: others may have been loaded since.
    private func judged(_ error: S3Error, of used: AWSCredentials) async -> S3Error {
        if error.isAboutCredentials { await credentials.forget(used) }
        return error
    }

    private func signed(_ request: S3Request, _ hash: String, with credentials: AWSCredentials) -> HTTPClient.Request {
        let (path, host) = location.target(of: request)
        var headers = request.headers + [("host", host), ("x-amz-content-sha256", hash)]
        let signable = SignableRequest(request.method, path: path, query: request.query, headers: headers, payloadHash: hash)
        headers += SigV4(credentials, region: location.region, service: "s3").headers(for: signable)
        headers.removeAll { $0.name == "host" }
        let query = request.query.isEmpty ? "" : "?\(canonicalQuery(request.query))"
        return HTTPClient.Request(
            request.method, "\(location.endpoint.scheme)://\(host)\(path)\(query)", headers: headers.map { ($0.name, $0.value) },
            body: request.body.isEmpty ? .none : .bytes(request.body), timeout: request.timeout,
            idleTimeout: request.idleTimeout, maxResponseBytes: request.timeout == nil ? .max : 16 << 20)
    }

    func currentCredentials() async throws(S3Error) -> AWSCredentials {
        do { return try await credentials.credentials() } catch {
            throw S3Error(code: S3Error.credentialsCode, message: error.description)
        }
    }

    /// Enough of an answer for its error.
    private static func beginning(of response: HTTPClient.OpenResponse) async -> [UInt8] {
        var body: [UInt8] = []
        while body.count < 64 << 10, let chunk = try? await response.next() { body += chunk }
        return body
    }
}
