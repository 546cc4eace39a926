import FoundationEssentials

/// What a presigned URL says, and its one form as text, which is signed.
struct UploadTerms: Sendable, Hashable {
    let operation: PresignRequest.Operation
    let key: String
    let size: Int64
    /// Empty for a part: its type is not enforced.
    let contentType: String
    /// Seconds since 1970.
    let expires: Int64

    /// One line each; only the last, the type, is free text, and neither it nor a valid key holds a line break.
    func canonical(method: String) -> String {
        var lines = ["millrace-upload-v1", method, key]
        switch operation {
        case .put: lines += ["", ""]
        case .putPart(let id, let number): lines += [id, "\(number)"]
        }
        return (lines + ["\(expires)", "\(size)", contentType]).joined(separator: "\n")
    }

    var query: [(name: String, value: String)] {
        var query = [("expires", "\(expires)"), ("size", "\(size)")]
        switch operation {
        case .put: query += [("type", contentType)]
        case .putPart(let id, let number): query += [("uploadId", id), ("partNumber", "\(number)")]
        }
        return query
    }

    /// Reads decoded query parameters; strangers among them are ignored, doubles are not.
    init(key: String, query: [(String, String)]) throws(PresignError) {
        let value = { (name: String) throws(PresignError) -> String? in
            let values = query.filter { $0.0 == name }
            guard values.count <= 1 else { throw PresignError(.malformed, "\(name) is given twice") }
            return values.first?.1
        }
        guard ObjectKey.isValid(key), let expires = Self.number(try value("expires")),
            let size = Self.number(try value("size"))
        else { throw PresignError(.malformed, "this is not a presigned URL") }
        self.key = key
        self.expires = expires
        self.size = size
        operation = try Self.operation(uploadId: try value("uploadId"), partNumber: try value("partNumber"))
        contentType = try value("type") ?? ""
        guard operation == .put ? (try? ContentType.validate(contentType)) != nil : contentType.isEmpty else {
            throw PresignError(.malformed, "the presigned type is not one")
        }
    }

    init(_ request: PresignRequest, now: Date) throws(StoreError) {
        try ObjectKey.validate(request.key)
        guard request.size >= 0, request.lifetime > .zero else {
            throw StoreError(.invalidRequest, "size and lifetime must not be negative")
        }
        switch request.operation {
        case .put: try ContentType.validate(request.contentType)
        case .putPart(let id, let number):
            guard UploadID.isValid(id), PartList.numbers.contains(number) else {
                throw StoreError(.invalidRequest, "not a part of an upload")
            }
        }
        operation = request.operation
        key = request.key
        size = request.size
        contentType = request.operation == .put ? request.contentType : ""
        expires =
            Int64(now.timeIntervalSince1970.rounded(.up)) + max(1, min(request.lifetime, .seconds(604_800)).components.seconds)
    }

    private static func operation(uploadId: String?, partNumber: String?) throws(PresignError) -> PresignRequest.Operation {
        switch (uploadId, partNumber) {
        case (nil, nil): return .put
        case (let id?, let text?):
            guard UploadID.isValid(id), let number = number(text), PartList.numbers.contains(Int(number)) else { break }
            return .putPart(uploadId: id, number: Int(number))
        default: break
        }
        throw PresignError(.malformed, "uploadId and partNumber do not name a part")
    }

    /// Decimal digits without leading zeros, so that a value has one spelling.
    private static func number(_ text: String?) -> Int64? {
        guard let text, let number = Int64(text), number >= 0, String(number) == text else { return nil }
        return number
    }
}
