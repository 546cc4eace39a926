package import FoundationEssentials

/// A body that a store, or who passes its events on, has sent.
package enum StoreMessage: Sendable, Hashable {
    case events([StoreEvent])
    /// Amazon SNS's envelope: to be verified before what is in it is believed, unless it came by a way that is trusted.
    case sns(SNSMessage)

    /// What a body may be at most.
    package struct Limits: Sendable, Hashable {
        /// Bytes. SNS and SQS carry 256 KiB, SQS on request 1 MiB.
        package var bytes = 1 << 20
        package var records = 1000
        /// Envelopes within envelopes: EventBridge's within SNS's within a CloudEvent.
        var depth = 3

        package init() {}
    }

    /// Recognises the dialect of a body and reads it. Time and memory are bounded by the body's size.
    /// - Throws: `StoreEventError`.
    package static func parse(_ body: Data, limits: Limits = Limits()) throws(StoreEventError) -> StoreMessage {
        guard body.count <= limits.bytes else {
            throw StoreEventError(.tooLarge, "the body has more than \(limits.bytes) bytes")
        }
        let decoder = JSONDecoder()
        decoder.userInfo[.limits] = limits
        do { return try decoder.decode(Body.self, from: body).message } catch let error as StoreEventError {
            throw error
        } catch let error as DecodingError {
            throw StoreEventError(decoding: error)
        } catch {
            throw StoreEventError(.malformed, "not well-formed JSON")
        }
    }
}

/// Why a body is not what a store sends.
package struct StoreEventError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// No JSON, or JSON without what its dialect promises.
        case malformed
        /// JSON of no dialect that is known here.
        case unknownDialect
        /// More bytes, or envelopes within envelopes, than are allowed.
        case tooLarge
        case tooManyRecords
    }

    package let code: Code
    package let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    init(decoding error: DecodingError) {
        let (what, path): (String, [any CodingKey]) =
            switch error {
            case .keyNotFound(let key, let context): ("is missing", context.codingPath + [key])
            case .valueNotFound(_, let context): ("is null", context.codingPath)
            case .typeMismatch(_, let context): ("has another type", context.codingPath)
            case .dataCorrupted(let context): ("cannot be read", context.codingPath)
            @unknown default: ("cannot be read", [])
            }
        let place = path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".").prefix(100)
        self.init(.malformed, path.isEmpty ? "the body is not well-formed JSON" : "\(place) \(what)")
    }
}
