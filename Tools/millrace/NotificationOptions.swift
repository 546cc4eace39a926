import ArgumentParser
import Launch
import S3

/// Whom a bucket is to tell of new objects.
struct NotificationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Tell this topic or queue of new objects, or eventbridge.", valueName: "arn"))
    var notify: String?
    @Option(
        help: ArgumentHelp(
            "On Ceph: tell this address, https://…/events/s3, with MILLRACE_EVENTS_TOKEN from the environment.", valueName: "url")
    )
    var notifyUrl: String?

    func validate() throws {
        guard notify == nil || notifyUrl == nil else { throw ValidationError("--notify or --notify-url, not both") }
    }

    /// Nil where nothing is asked for: then the bucket's notifications stay as they are.
    func plan(_ client: S3Client) throws -> NotificationPlan? {
        try target().map { NotificationPlan(client: client, target: $0) }
    }

    private func target() throws -> NotificationTarget? {
        if let notify { return notify == "eventbridge" ? .eventBridge : .named(notify) }
        guard let notifyUrl else { return nil }
        guard let token = try LocalStack.environment.secret("MILLRACE_EVENTS_TOKEN", minimumLength: 16) else {
            throw ValidationError("--notify-url needs MILLRACE_EVENTS_TOKEN, which opens that address")
        }
        guard let address = EventsAddress(notifyUrl, secret: token.revealed) else {
            throw ValidationError("--notify-url is an address like https://media.example.org/events/s3, without a user")
        }
        return .address(address)
    }
}
