import S3

/// Runs `work` and says in the store's words why it failed.
func translating<Value: Sendable>(_ work: () async throws(S3Error) -> Value) async throws(StoreError) -> Value {
    do { return try await work() } catch { throw StoreError(error) }
}

extension StoreError {
    /// Refusals that may be mended from outside (rights, clocks, a bucket that is not there yet) count as unavailable: what waits is
    /// tried again and not given up.
    init(_ error: S3Error?) {
        guard let error else {
            self.init(.unavailable, "reading failed")
            return
        }
        let code: Code =
            switch error.code {
            case "NoSuchKey": .notFound
            case "NoSuchUpload": .unknownUpload
            case "InvalidRange": .rangeNotSatisfiable
            case "PreconditionFailed": .alreadyExists
            case "InvalidPart", "InvalidPartOrder", "EntityTooSmall", "MalformedXML": .invalidPart
            case "QuotaExceeded", "InsufficientStorage", "XMinioStorageFull": .full
            case "KeyTooLongError", "KeyTooLong": .invalidKey
            case "EntityTooLarge": .tooLarge
            case "InvalidObjectState": .archived
            case S3Error.invalidCode where error.status == 0: .invalidRequest
            default: error.status == 507 ? .full : .unavailable
            }
        self.init(code, error.description)
    }

    /// Of a copy: what is refused because of the object itself (not ours to read) does not pass.
    init(copying error: S3Error) {
        switch error.code {
        case "PreconditionFailed": self.init(.notFound, error.description)
        case "AccessDenied", "InvalidRequest": self.init(.invalidRequest, error.description)
        default: self.init(error)
        }
    }
}
