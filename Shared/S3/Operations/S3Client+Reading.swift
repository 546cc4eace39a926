import FoundationEssentials
import HTTPClient

/// An object's bytes, or a range of them, chunk by chunk.
package struct S3Content: Sendable {
    package let object: S3Object
    /// The offsets that are read.
    package let range: Range<Int64>
    package let download: S3Download
}

extension S3Client {
    /// - Parameters:
    ///   - range: the value of a `Range` header.
    ///   - etag: of these very bytes only; else throws 412.
    package func get(_ key: String, range: String? = nil, ifMatch etag: String? = nil) async throws(S3Error) -> S3Content {
        let (response, object, offsets) = try await open(key, range, etag)
        return S3Content(
            object: object, range: offsets, download: S3Download(self, object, response, offsets))
    }

    func open(
        _ key: String, _ range: String?, _ etag: String?
    ) async throws(S3Error) -> (HTTPClient.OpenResponse, S3Object, Range<Int64>) {
        var request = S3Request("GET", key: key)
        if let range { request.headers.append(("range", range)) }
        if let etag { request.headers.append(("if-match", "\"\(etag)\"")) }
        request.expected = [200, 206]
        request.timeout = nil
        let response = try await stream(request)
        let (size, offsets) = try Self.extent(of: response)
        guard let object = S3Object(key, size: size, response.header) else { throw .unexpected("an object without ETag") }
        return (response, object, offsets)
    }

    private static func extent(of response: HTTPClient.OpenResponse) throws(S3Error) -> (Int64, Range<Int64>) {
        guard let length = response.header("content-length").flatMap({ Int64($0) }), length >= 0 else {
            throw .unexpected("an object without length")
        }
        guard response.status == 206 else { return (length, 0..<length) }
        // bytes 0-9/443
        let numbers = (response.header("content-range") ?? "").split { !$0.isASCII || !$0.isNumber }.compactMap { Int64($0) }
        guard numbers.count == 3, numbers[0] <= numbers[1], numbers[1] < numbers[2], numbers[1] - numbers[0] + 1 == length else {
            throw .unexpected("a range without extent")
        }
        return (numbers[2], numbers[0]..<numbers[1] + 1)
    }
}

/// Reads on where a connection broke, as long as the object is the same. For one reader.
package actor S3Download {
    private static let resumptions = 3

    private let client: S3Client
    private let object: S3Object
    private let end: Int64
    private var offset: Int64
    private var response: HTTPClient.OpenResponse
    private var resumed = 0

    init(_ client: S3Client, _ object: S3Object, _ response: HTTPClient.OpenResponse, _ range: Range<Int64>) {
        self.client = client
        self.object = object
        self.response = response
        offset = range.lowerBound
        end = range.upperBound
    }

    /// What comes next; nil at the end, or early where the task was cancelled.
    package func next() async throws(S3Error) -> [UInt8]? {
        while offset < end {
            do {
                if let chunk = try await response.next() {
                    offset += Int64(chunk.count)
                    return chunk
                }
            } catch  where error.code == .cancelled { return nil } catch  where resumed >= Self.resumptions {
                throw S3Error(error)
            } catch {}
            guard resumed < Self.resumptions else { throw S3Error(code: S3Error.connectionCode, message: "cut short") }
            resumed += 1
            response = try await rest()
        }
        return nil
    }

    /// Not every store minds the range and the condition: bytes of another place or object must not be put behind those that came.
    private func rest() async throws(S3Error) -> HTTPClient.OpenResponse {
        let (answer, same, range) = try await client.open(object.key, "bytes=\(offset)-\(end - 1)", object.etag)
        guard range == offset..<end, same.etag == object.etag else { throw .unexpected("another range or object than the rest") }
        return answer
    }
}
