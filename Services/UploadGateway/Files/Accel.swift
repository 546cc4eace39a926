import HTTPServer
import HTTPTypes
import Hummingbird
import ObjectStore

/// Lets nginx send a file of the file store: it strips the header, adds the bytes and handles ranges.
///
/// Source: nginx, `X-Accel-Redirect` (https://nginx.org/en/docs/http/ngx_http_proxy_module.html).
struct Accel: Sendable {
    /// The internal location, for example `/_store`.
    let prefix: String

    func response(_ key: String, _ headers: HTTPFields) throws -> Response {
        var headers = headers
        headers[.accelRedirect] = prefix + "/" + Self.encoded(key)
        return Response(status: .ok, headers: headers)
    }

    /// A path whose segments hold unreserved characters only. Source: RFC 3986, section 2.3.
    static func encoded(_ key: String) -> String {
        key.utf8.map { byte in
            let isPlain =
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "-._~/".utf8.contains(byte)
                }
            return isPlain ? String(UnicodeScalar(byte)) : "%" + hex([byte]).uppercased()
        }.joined()
    }
}

extension HTTPField.Name {
    static let accelRedirect = HTTPField.Name("X-Accel-Redirect") ?? .location
}
