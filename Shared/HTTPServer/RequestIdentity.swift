import Events
package import HTTPTypes

/// Which request this is and which trace it belongs to, from its headers where they can be trusted to be short and plain.
struct RequestIdentity: Sendable {
    let requestId: String
    let trace: RequestTrace

    init(_ headers: HTTPFields) {
        let asked = headers[.requestId].flatMap { Self.isSane($0) ? $0 : nil }
        requestId = asked ?? Self.newId()
        trace = RequestTrace(client: headers[.traceparent].flatMap(TraceParent.init(rawValue:)))
    }

    /// 1 to 64 of `A–Z a–z 0–9 - _`.
    private static func isSane(_ id: String) -> Bool {
        (1...64).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    private static func newId() -> String {
        String(UInt64.random(in: 1 << 60 ... .max), radix: 16)
    }
}

extension HTTPField.Name {
    package static let requestId = Self.known("X-Request-Id")

    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("a name written in this file is no token") }
        return name
    }
}
