/// A W3C `traceparent` header: version 00, a 16-byte trace id, an 8-byte span id and the flags, in lowercase hex.
///
/// Source: W3C Trace Context, section 3.2.
package struct TraceParent: RawRepresentable, Codable, Hashable, Sendable {
    package let rawValue: String

    /// Nil unless `rawValue` is a well-formed version-00 header with non-zero ids.
    package init?(rawValue: String) {
        let parts = rawValue.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "00",
            Self.isHex(parts[1], length: 32), Self.isHex(parts[2], length: 16), Self.isHex(parts[3], length: 2),
            parts[1].contains(where: { $0 != "0" }), parts[2].contains(where: { $0 != "0" })
        else { return nil }
        self.rawValue = rawValue
    }

    private init(trace: Substring, span: UInt64, flags: Substring) {
        rawValue = "00-\(trace)-\(Self.hex(span))-\(flags)"
    }

    /// A new, sampled trace.
    package static func random() -> TraceParent {
        let trace = hex(.random(in: 1 ... .max)) + hex(.random(in: .min ... .max))
        return TraceParent(trace: trace[...], span: .random(in: 1 ... .max), flags: "01")
    }

    /// The same trace with a new span: what a service hands on.
    package func child() -> TraceParent { child(span: Self.newSpan()) }

    /// - Parameter span: of `newSpan()`.
    package func child(span: UInt64) -> TraceParent {
        let parts = rawValue.split(separator: "-")
        return TraceParent(trace: parts[1], span: span, flags: parts[3])
    }

    package static func newSpan() -> UInt64 { .random(in: 1 ... .max) }

    /// 32 hex digits.
    package var traceId: String { String(rawValue.dropFirst(3).prefix(32)) }
    /// 16 hex digits.
    package var spanId: String { String(rawValue.dropFirst(36).prefix(16)) }
    /// Whether who began the trace wants it recorded.
    package var isSampled: Bool { UInt8(rawValue.suffix(2), radix: 16).map { $0 & 1 == 1 } ?? false }

    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func isHex(_ text: Substring, length: Int) -> Bool {
        text.utf8.count == length && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
}
