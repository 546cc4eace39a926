import Catalog
import Events
import FoundationEssentials
import HTTPServer
import HTTPTypes
import Hummingbird
import NIOCore
import SNS
import StoreEvents

/// `POST /events/s3`: events of the store, in every dialect, from whoever knows the secret, or signed by Amazon SNS.
struct EventsRoute: Sendable {
    private static let limits = StoreMessage.Limits()

    let access: EventsAccess
    /// Nil when no topics are listened to.
    let sns: SNSVerifier?
    let intake: EventIntake

    func handle(_ request: Request, _ context: MillraceContext) async throws -> Response {
        let isTrusted = try access.admits(request)
        guard isTrusted || sns != nil else { throw EventsAccess.refused("A token is needed.") }
        try await context.askForBody(of: request)
        let body = try await Self.body(of: request)
        do {
            let events = try await events(in: try StoreMessage.parse(body, limits: Self.limits), isTrusted)
            return try jsonResponse(try await intake.take(events, trace: context.trace.span))
        } catch let error as StoreEventError {
            throw Problem.from(error)
        } catch let error as SNSError {
            throw Problem.from(error)
        } catch let error as CatalogError where error.code == .unavailable {
            throw Problem.unavailable("The catalog cannot be reached.")
        }
    }

    /// The events that may be believed; a confirmed subscription holds none.
    private func events(in message: StoreMessage, _ isTrusted: Bool) async throws -> [StoreEvent] {
        switch message {
        case .events(let events):
            guard isTrusted else { throw EventsAccess.refused("A token is needed.") }
            return events
        case .sns(let message):
            // Who has the token has it from us, but a subscription is confirmed for nobody but the topics that we know.
            if !isTrusted || message.kind == .subscriptionConfirmation {
                guard let sns else { throw EventsAccess.refused("No topic of Amazon SNS is listened to.") }
                try await sns.verify(message)
                if message.kind == .subscriptionConfirmation { try await sns.confirm(message) }
            }
            return try message.events(limits: Self.limits)
        }
    }

    /// SNS sends JSON as `text/plain`: the type says nothing.
    private static func body(of request: Request) async throws -> Data {
        if let declared = request.headers[.contentLength].flatMap({ Int($0) }), declared > limits.bytes {
            throw Problem.payloadTooLarge(limit: limits.bytes)
        }
        do { return Data(try await request.body.collect(upTo: limits.bytes).readableBytesView) } catch is NIOTooManyBytesError {
            throw Problem.payloadTooLarge(limit: limits.bytes)
        }
    }
}

extension Problem {
    static func from(_ error: StoreEventError) -> Problem {
        switch error.code {
        case .malformed: Problem(.unprocessableContent, code: "malformedEvent", detail: sentence(error.description))
        case .unknownDialect: Problem(.unprocessableContent, code: "unknownEvent", detail: sentence(error.description))
        case .tooLarge, .tooManyRecords: Problem(.contentTooLarge, code: "tooManyEvents", detail: sentence(error.description))
        }
    }

    static func from(_ error: SNSError) -> Problem {
        switch error.code {
        case .unavailable: .unavailable("Amazon SNS does not answer for now.")
        case .unknownTopic: Problem(.forbidden, code: "unknownTopic", detail: "Nobody listens to this topic.")
        case .untrustedAddress, .badSignature, .badCertificate:
            Problem(.forbidden, code: "invalidSignature", detail: sentence(error.description))
        }
    }

    private static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() + "." }
}
