import Catalog
import HTTPServer
import HTTPTypes
import Messaging
import ObjectStore
import Redis

/// What this service answers where it says no.
extension Problem {
    static let mediaNotFound = Problem.notFound("There is no such media.", code: "mediaNotFound")

    static let alreadyUploaded = Problem(
        .conflict, code: "alreadyUploaded", detail: "The upload of this media is complete; nothing more can be sent.")

    static let uploadClosed = Problem(
        .conflict, code: "uploadClosed", detail: "This upload is over: it was completed or aborted.")

    static let uploadExpired = Problem(
        .conflict, code: "uploadExpired", detail: "The upload was not completed in time; presign a new one.")

    static func notUploaded(missing: [Int]?) -> Problem {
        let which = missing.map { " Missing parts: \($0.count)." } ?? ""
        return Problem(
            .conflict, code: "notUploaded", detail: "The object has not arrived yet.\(which)",
            extra: missing.map { ["missingParts": Array($0.prefix(100))] } ?? [:])
    }

    static func sizeMismatch(declared: Int64, actual: Int64) -> Problem {
        Problem(
            .conflict, code: "sizeMismatch", detail: "\(declared) bytes were declared, \(actual) have arrived.",
            extra: ["declaredSize": declared, "actualSize": actual])
    }

    static func invalidPart(_ detail: String) -> Problem {
        Problem(.unprocessableContent, code: "invalidPart", detail: detail, extra: ["field": "parts"])
    }

    static func from(_ violation: FileRules.Violation, at path: String) -> Problem {
        Problem(
            violation.code == .tooLarge ? .contentTooLarge : .unprocessableContent, code: violation.code.rawValue,
            detail: violation.detail, extra: ["field": path + violation.field])
    }

    /// What other rooms' errors mean to a client; nil for those that are nobody's business.
    static func translating(_ error: any Error) -> Problem? {
        switch error {
        case is BusError, is RedisError: .unavailable("The bus cannot be reached.")
        case let error as CatalogError where error.code == .unavailable: .unavailable("The catalog cannot be reached.")
        case let error as CatalogError where error.code == .invalidCursor:
            Problem(.badRequest, code: "invalidCursor", detail: "The cursor is not one that a listing gave out.")
        case let error as StoreError: translating(error)
        case let error as PresignError: from(error)
        default: nil
        }
    }

    private static func translating(_ error: StoreError) -> Problem? {
        switch error.code {
        case .unavailable: .unavailable("The object store cannot be reached.")
        case .full: Problem(.init(code: 507), code: "storeFull", detail: "The object store is full.")
        case .notFound, .invalidKey: .notFound()
        case .alreadyExists: .alreadyExists
        case .unknownUpload: .uploadClosed
        default: nil
        }
    }

    static func rangeNotSatisfiable(_ size: Int64) -> Problem {
        Problem(
            .rangeNotSatisfiable, code: "rangeNotSatisfiable", detail: "The object has \(size) bytes.",
            headers: [.contentRange: "bytes */\(size)"])
    }

    static let alreadyExists = Problem(
        .conflict, code: "alreadyExists", detail: "An object is here already; it is never replaced.")
}
