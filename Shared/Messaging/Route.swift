package import Events
import FoundationEssentials

/// A handler with its event type erased: what a consumer looks up by the envelope's `type`.
package struct Route: Sendable {
    package let stream: Stream
    let type: String
    /// Decodes and handles; throws `DecodingError` for a body that does not fit its type.
    let handle: @Sendable (_ payload: Data, _ attempt: Int) async throws -> Commit
    let abandon: @Sendable (_ payload: Data, _ attempt: Int, Failure) async throws -> Commit

    package init<H: Handler>(_ handler: H) {
        stream = H.Input.stream
        type = H.Input.type
        handle = { payload, attempt in
            try await handler.handle(try Self.decode(payload, attempt))
        }
        abandon = { payload, attempt, failure in
            try await handler.abandon(try Self.decode(payload, attempt), because: failure)
        }
    }

    private static func decode<Body: Event>(_ payload: Data, _ attempt: Int) throws -> Incoming<Body> {
        do {
            return Incoming(envelope: try EventCoding.decode(Envelope<Body>.self, from: payload), attempt: attempt)
        } catch {
            throw Malformed(description: String(describing: error))
        }
    }
}

/// The payload is not what its type promises.
struct Malformed: Error, CustomStringConvertible { let description: String }
