/// A file that a client wants to upload, as it declares it; nothing in it is checked yet.
struct DeclaredFile: Codable, Sendable, Hashable {
    let projectId: String
    let fileName: String
    let contentType: String
    /// Bytes.
    let size: Int64
    /// Asks for parts, or for one PUT; when absent the size decides.
    let multipart: Bool?
}

extension DeclaredFile {
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        projectId = try container.decode(String.self, forKey: .projectId)
        fileName = try container.decode(String.self, forKey: .fileName)
        contentType = try container.decode(String.self, forKey: .contentType)
        size = try Self.size(container)
        multipart = try container.decodeIfPresent(Bool.self, forKey: .multipart)
    }

    /// For a number that is no `Int64`, Foundation throws an error of its own that does not say which one it was.
    private static func size(_ container: KeyedDecodingContainer<CodingKeys>) throws -> Int64 {
        do { return try container.decode(Int64.self, forKey: .size) } catch let error as DecodingError {
            throw error
        } catch {
            throw DecodingError.typeMismatch(
                Int64.self, .init(codingPath: container.codingPath + [CodingKeys.size], debugDescription: "not a whole number"))
        }
    }
}
