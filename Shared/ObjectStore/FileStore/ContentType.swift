/// What may be kept as a content type: 1 to 255 printable ASCII characters, because it goes into headers as it is.
enum ContentType {
    static func validate(_ type: String) throws(StoreError) {
        guard (1...255).contains(type.utf8.count), type.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            throw StoreError(.invalidRequest, "not a content type")
        }
    }
}
