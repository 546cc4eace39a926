import AWS
import S3

/// Whom the bucket is to tell of new objects.
enum NotificationTarget: Equatable {
    /// A topic or queue that is there, by its ARN.
    case named(String)
    case eventBridge
    /// Where ingest-listener hears events, behind a topic of Ceph's that is made for it.
    case address(EventsAddress)
}

/// What the bucket lacks so that we hear of new objects. Rules of others are kept.
struct NotificationPlan {
    let client: S3Client
    let target: NotificationTarget

    func changes() async throws -> [BucketPlan.Change] {
        switch target {
        case .eventBridge: return try await changes(.eventBridge, "Amazon EventBridge")
        case .named(let arn): return try await changes(try notification(arn), arn)
        case .address(let address): return try await changes(address)
        }
    }

    private func changes(_ rule: S3Notification, _ name: String) async throws -> [BucketPlan.Change] {
        let now = try await notifications()
        if now.contains(rule) { return [] }
        return [BucketPlan.Change(description: "tell \(name) of \(objects)") { try await set(rule) }]
    }

    private func changes(_ address: EventsAddress) async throws -> [BucketPlan.Change] {
        guard !client.location.isAmazon else { throw CommandError(description: Self.amazonHasNoTopicsHere) }
        let topic = try await topics().first { $0.name == topicName }
        let isRight = topic?.address == address.withSecret && topic?.isPersistent == true
        if isRight, let topic { return try await changes(try notification(topic.arn), address.shown) }
        let description = "tell \(address.shown) of \(objects), by a topic \(topicName) that tries until it is heard"
        return [
            BucketPlan.Change(description: description) {
                let arn = try await client.makeTopic(topicName, pushingTo: address.withSecret)
                // Again where it is there: Ceph's rule holds a copy of the topic.
                try await set(try notification(arn))
            }
        ]
    }

    private func set(_ rule: S3Notification) async throws {
        try await client.setNotifications(try await notifications().adding(rule, inPlaceOf: id))
    }

    private func notifications() async throws -> S3Notifications {
        do { return try await client.notifications() } catch {
            guard error.code == "NoSuchBucket" else { throw error }
            return S3Notifications(XMLNode("NotificationConfiguration"))
        }
    }

    private func topics() async throws -> [S3Topic] {
        do { return try await client.topics() } catch {
            guard [400, 403, 405].contains(error.status) else { throw error }
            throw CommandError(description: "\(error.description.escaped): \(Self.noTopics)")
        }
    }

    private func notification(_ arn: String) throws -> S3Notification {
        guard let rule = S3Notification(id: id, arn: arn, prefix: prefix) else {
            throw CommandError(description: "\"\(arn.escaped)\" is no ARN of a topic or queue")
        }
        return rule
    }

    private var prefix: String { client.location.prefix.isEmpty ? "" : client.location.prefix + "/" }
    private var objects: String { "new objects\(prefix.isEmpty ? "" : " below \(prefix)") (notification)" }
    private var id: String { "millrace-events" + client.location.suffix }
    private var topicName: String { "millrace-\(client.location.bucket)\(client.location.suffix)" }

    private static let amazonHasNoTopicsHere =
        "on AWS, subscribe a topic of SNS to the address and give its ARN: --notify arn:aws:sns:…"
    private static let noTopics = """
        only Ceph makes topics, and tells addresses with a secret over https alone (the store's endpoint); \
        elsewhere give the ARN of a target that its administrator has made: --notify arn:…
        """
}

/// Where `POST /events/s3` is reached from the store.
struct EventsAddress: Equatable {
    private let scheme: String
    private let rest: String
    private let secret: String

    /// Nil unless it is an http(s) URL to the path, without user, query or fragment.
    init?(_ url: String, secret: String) {
        let parts = url.split(separator: "://", maxSplits: 1).map(String.init)
        guard parts.count == 2, ["http", "https"].contains(parts[0]), parts[1].hasSuffix("/events/s3"),
            !parts[1].hasPrefix("/"), !parts[1].contains(where: { "@?#".contains($0) || $0.isWhitespace })
        else { return nil }
        (scheme, rest, self.secret) = (parts[0], parts[1], secret)
    }

    /// As HTTP's basic scheme has it, since stores only know addresses.
    var withSecret: String { "\(scheme)://events:\(percentEncode(secret))@\(rest)" }
    /// What may be printed.
    var shown: String { "\(scheme)://\(rest)" }
}
