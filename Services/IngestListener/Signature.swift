import Events

/// Bytes at fixed places that give a file type away.
struct Signature: Sendable {
    struct Part: Sendable {
        let offset: Int
        let bytes: [UInt8]
    }

    let type: FileType
    let parts: [Part]

    init(_ name: String, _ format: MediaFormat? = nil, _ parts: (Int, Bytes)...) {
        type = FileType(name, format)
        self.parts = parts.map { Part(offset: $0.0, bytes: $0.1.values) }
    }

    func matches(_ prefix: ArraySlice<UInt8>) -> Bool {
        parts.allSatisfy { prefix.dropFirst($0.offset).starts(with: $0.bytes) }
    }

    /// Written as text or as an array of numbers.
    struct Bytes: ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
        let values: [UInt8]
        init(stringLiteral text: String) { values = Array(text.utf8) }
        init(arrayLiteral bytes: UInt8...) { values = bytes }
    }
}
