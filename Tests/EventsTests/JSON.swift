import FoundationEssentials

/// Any JSON, to compare and change documents whatever their form.
enum JSON: Codable, Hashable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    init(_ bytes: Data) throws { self = try JSONDecoder().decode(JSON.self, from: bytes) }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let bool = try? container.decode(Bool.self) {
            self = .bool(bool)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let string = try? container.decode(String.self) {
            self = .string(string)
        } else if let array = try? container.decode([JSON].self) {
            self = .array(array)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    var bytes: Data {
        get throws { try JSONEncoder().encode(self) }
    }

    /// The same with an unknown field in every object.
    var withUnknownFields: JSON {
        switch self {
        case .array(let elements): return .array(elements.map(\.withUnknownFields))
        case .object(let fields):
            var fields = fields.mapValues(\.withUnknownFields)
            fields["unknownField"] = .object(["from": .string("the future")])
            return .object(fields)
        default: return self
        }
    }

    subscript(field: String) -> JSON? {
        get { if case .object(let fields) = self { fields[field] } else { nil } }
        set {
            guard case .object(var fields) = self else { return }
            fields[field] = newValue
            self = .object(fields)
        }
    }
}
