import HTTPTypes
import Hummingbird

extension Problem {
    /// 404: nothing here has this name.
    package static func notFound(_ detail: String = "There is nothing at this address.", code: String = "notFound") -> Problem {
        Problem(.notFound, code: code, detail: detail)
    }

    /// 413. - Parameter limit: in bytes.
    package static func payloadTooLarge(limit: Int? = nil) -> Problem {
        let most = limit.map { " of \($0) bytes" } ?? ""
        return Problem(
            .contentTooLarge, code: "payloadTooLarge", detail: "The body is larger than the limit\(most).",
            extra: limit.map { ["limit": $0] } ?? [:])
    }

    /// 422: one field, named by its path (`files[2].size`), is missing or not what it must be.
    package static func invalidField(_ field: String, _ detail: String) -> Problem {
        Problem(.unprocessableContent, code: "invalidField", detail: detail, extra: ["field": field])
    }

    /// 503 with `Retry-After`: something this service needs is away; the same request may work later.
    package static func unavailable(_ detail: String, retryAfter seconds: Int = 2) -> Problem {
        Problem(
            .serviceUnavailable, code: "temporarilyUnavailable", detail: detail, headers: [.retryAfter: "\(seconds)"])
    }

    static let stopping = unavailable("The server is stopping.")
    static let internalError = Problem(
        .internalServerError, code: "internal", detail: "Something went wrong here; the log has it under the request's id.")
    /// The client broke off or sent what is no HTTP; nothing more can be read from the connection.
    static let brokenRequest = Problem(
        .badRequest, code: "malformedRequest", detail: "The request is not well-formed HTTP.", headers: [.connection: "close"])

    static func methodNotAllowed(_ allowed: String) -> Problem {
        Problem(
            .methodNotAllowed, code: "methodNotAllowed", detail: "Allowed here: \(allowed).", headers: [.allow: allowed])
    }

    /// What Hummingbird throws itself: its status stays, its message is kept where it speaks of the request.
    static func from(_ error: HTTPError) -> Problem {
        switch error.status {
        case .notFound where error.body == nil: .notFound()
        case .contentTooLarge: .payloadTooLarge()
        default:
            Problem(
                error.status, code: camelCase(error.status.reasonPhrase),
                detail: error.status.code < 500 ? error.body ?? error.status.reasonPhrase : error.status.reasonPhrase,
                headers: error.headers)
        }
    }

    /// `Bad Request` → `badRequest`.
    private static func camelCase(_ phrase: String) -> String {
        let words = phrase.split(whereSeparator: { !$0.isLetter })
        return words.enumerated().map { $0 == 0 ? $1.lowercased() : $1.capitalizedFirst }.joined()
    }
}

extension Substring {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst().lowercased() }
}
