import Arrivals
import Launch

/// How events of the store come in.
struct EventSettings: Sendable {
    /// `MILLRACE_EVENTS_TOKEN`: opens `POST /events/s3`.
    let token: Secret?
    /// `MILLRACE_EVENTS_SNS_TOPICS`: ARNs of topics whose signed messages are believed.
    let topics: Set<String>
    /// `MILLRACE_INGEST_PREFIXES`: where objects of other tools become media.
    let prefixes: [IngestPrefix]
    /// `MILLRACE_INGEST_INTERVAL` (0s): from one look at those places to the next, for stores that send no events; nil for none.
    let interval: Duration?

    init(_ environment: Environment) throws(SettingsError) {
        token = try environment.secret("MILLRACE_EVENTS_TOKEN", minimumLength: 16)
        topics = Set(try environment.list("MILLRACE_EVENTS_SNS_TOPICS", default: []))
        prefixes = try environment.ingestPrefixes()
        let interval = try environment.duration("MILLRACE_INGEST_INTERVAL", default: .zero)
        self.interval = interval == .zero || prefixes.isEmpty ? nil : interval
        queue = try Self.queue(environment)
    }

    /// `MILLRACE_EVENTS_SQS_QUEUE`: the URL of a queue of Amazon SQS that events are taken from. Its region is that of the URL, or of
    /// `AWS_REGION` or `AWS_DEFAULT_REGION`.
    let queue: (address: SQSAddress, region: String)?

    private static func queue(_ environment: Environment) throws(SettingsError) -> (SQSAddress, String)? {
        let name = "MILLRACE_EVENTS_SQS_QUEUE"
        let url = try environment.string(name, default: "")
        guard !url.isEmpty else { return nil }
        guard let address = SQSAddress(url) else {
            throw SettingsError(
                name, value: url, isNot: "an address like https://sqs.eu-central-1.amazonaws.com/123456789012/media")
        }
        let fallback = try environment.string("AWS_REGION", default: try environment.string("AWS_DEFAULT_REGION", default: ""))
        guard let region = address.region ?? (fallback.isEmpty ? nil : fallback) else {
            throw SettingsError("AWS_REGION", "is required: the queue's address does not tell its region")
        }
        return (address, region)
    }

    /// Whether anybody can send events.
    var isOpen: Bool { token != nil || !topics.isEmpty }
}

extension Environment {
    func ingestPrefixes() throws(SettingsError) -> [IngestPrefix] {
        let name = "MILLRACE_INGEST_PREFIXES"
        return try list(name, default: []).map { text throws(SettingsError) in
            guard let prefix = IngestPrefix(text) else {
                throw SettingsError(name, value: text, isNot: "a place like incoming/{project}/ or scans/=archive")
            }
            return prefix
        }
    }
}
