import AWS
import HTTPClient

/// Signs with whatever credentials AWS's own variables lead to.
func signForSQS(region: String, _ credentials: CredentialsProvider) -> SQSQueue.Sign {
    { host, headers, body in
        let hash = sha256Hex(body)
        let all = (headers + [("host", host)]).map { (name: $0.0, value: $0.1) }
        let request = SignableRequest("POST", path: "/", headers: all, payloadHash: hash)
        let signer = SigV4(try await credentials.credentials(), region: region, service: "sqs")
        return signer.headers(for: request).map { ($0.name, $0.value) }
    }
}
