import Events
import FoundationEssentials

/// Where a page of a listing ended: the last media's id in base64url without padding (RFC 4648, section 5), opaque to clients.
enum Cursor {
    static func encode(_ id: MediaID) -> String {
        Data(id.rawValue.utf8).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// - Throws: `CatalogError(.invalidCursor)` for anything that `encode` does not produce.
    static func decode(_ cursor: String?) throws -> MediaID? {
        guard let cursor else { return nil }
        let base64 = cursor.replacing("-", with: "+").replacing("_", with: "/")
        guard cursor.utf8.count <= 64, let bytes = Data(base64Encoded: base64),
            let id = MediaID(String(decoding: bytes, as: UTF8.self)), encode(id) == cursor
        else { throw CatalogError(.invalidCursor, "the cursor is not one that this listing gave out") }
        return id
    }
}
