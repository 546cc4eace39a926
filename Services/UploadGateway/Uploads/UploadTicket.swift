import Catalog
import Events
import FoundationEssentials

/// The decisions of one presign request, which a repetition must not make anew.
struct UploadTicket: Codable, Sendable {
    struct Slot: Codable, Sendable {
        let mediaId: MediaID
        /// Where the upload comes in parts.
        let session: UploadSession?
    }

    /// One for each file, in their order.
    let slots: [Slot]
    /// When the URLs end.
    var expiresAt: Date
}

extension Date {
    /// When a URL made now ends: a whole second, as it is written in the URL.
    static func expiry(after lifetime: Duration) -> Date {
        Date(timeIntervalSince1970: (Date().timeIntervalSince1970 + lifetime / .seconds(1)).rounded(.up))
    }
}
