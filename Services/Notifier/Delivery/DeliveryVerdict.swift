import Events
import FoundationEssentials
import HTTPClient

/// What an endpoint's answer means (Standard Webhooks 1.0.0, "Webhook delivery").
enum DeliveryVerdict: Equatable {
    case delivered
    /// 410: the endpoint wants no more deliveries.
    case gone
    /// Redirects too: following them would send signed data to an address that nobody registered.
    case failed(status: Int, retryAfter: Duration?)

    init(_ response: HTTPClient.StreamedResponse, now: Date = Date()) {
        switch response.status {
        case 200..<300: self = .delivered
        case 410: self = .gone
        case 429, 502, 503, 504:
            let retryAfter = response.header("retry-after").flatMap { Self.retryAfter($0, now: now) }
            self = .failed(status: response.status, retryAfter: retryAfter)
        default: self = .failed(status: response.status, retryAfter: nil)
        }
    }

    /// Seconds or an HTTP date (RFC 9110, section 10.2.3); nil for anything else.
    static func retryAfter(_ value: String, now: Date) -> Duration? {
        if !value.isEmpty, value.utf8.allSatisfy({ (48...57).contains($0) }) { return .seconds(Int(value.prefix(9)) ?? 0) }
        guard let date = httpDate(value) else { return nil }
        return .seconds(max(0, min(date.timeIntervalSince(now), 1e9)))
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, the form that RFC 9110, section 5.6.7, lets senders use.
    private static func httpDate(_ text: String) -> Date? {
        let parts = text.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else { return nil }
        return EventCoding.date(from: "\(parts[3])-\(month < 9 ? "0" : "")\(month + 1)-\(parts[1])T\(parts[4])Z")
    }
}
