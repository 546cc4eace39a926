import AWS
import HTTPClient

extension S3Client {
    /// Bytes that S3 copies in one request at most.
    package static let largestCopy: Int64 = 5 << 30
    private static let copiesAtOnce = 4

    /// Copies an object of at most 5 GiB inside the bucket.
    /// - Parameter etag: of these very bytes only; else throws 412.
    package func copy(
        _ key: String, to target: String, ifMatch etag: String? = nil, storageClass: String? = nil
    ) async throws(S3Error) {
        var request = copyRequest(key, to: target, ifMatch: etag)
        if let storageClass { request.headers.append(("x-amz-storage-class", storageClass)) }
        _ = try Self.xml(try await send(request))
    }

    /// Copies an object of any size inside the bucket, in parts.
    /// - Parameters:
    ///   - source: as `head` told it: of these very bytes only; else throws 412.
    ///   - partSize: bytes; more where 10,000 parts of it are not enough.
    ///   - onlyIfAbsent: see `completeMultipart`.
    package func copyInParts(
        _ source: S3Object, to target: String, partSize: Int64 = 1 << 29, onlyIfAbsent: Bool = false
    ) async throws(S3Error) {
        let id = try await createMultipart(target, contentType: source.contentType)
        do throws(S3Error) {
            let size = max(partSize, (source.size + 9_999) / 10_000)
            let parts = try await copyParts(of: source, to: target, id, size)
            // Ceph minds no condition of a part.
            guard try await head(source.key)?.etag == source.etag else { throw S3Error.changed }
            try await completeMultipart(target, id: id, parts: parts, onlyIfAbsent: onlyIfAbsent)
        } catch {
            // Also when this task is cancelled.
            await Task { try? await abortMultipart(target, id: id) }.value
            throw error
        }
    }

    private func copyParts(
        of source: S3Object, to target: String, _ id: String, _ size: Int64
    ) async throws(S3Error) -> [(number: Int, etag: String)] {
        let count = Int((source.size + size - 1) / size)
        let copied = await withTaskGroup(of: (Int, Result<String, S3Error>).self) { group in
            var copied: [(number: Int, tag: Result<String, S3Error>)] = []
            for number in 1...count {
                if number > Self.copiesAtOnce, let next = await group.next() {
                    copied.append(next)
                    if case .failure = next.1 { break }
                }
                group.addTask { (number, await copyPart(number, of: source, to: target, id, size)) }
            }
            for await next in group { copied.append(next) }
            return copied.sorted { $0.number < $1.number }
        }
        var parts: [(number: Int, etag: String)] = []
        for part in copied { parts.append((part.number, try part.tag.get())) }
        return parts
    }

    private func copyPart(
        _ number: Int, of source: S3Object, to target: String, _ id: String, _ size: Int64
    ) async -> Result<String, S3Error> {
        let first = Int64(number - 1) * size
        var request = copyRequest(source.key, to: target, ifMatch: source.etag)
        request.query = [("partNumber", "\(number)"), ("uploadId", id)]
        request.headers.append(("x-amz-copy-source-range", "bytes=\(first)-\(min(first + size, source.size) - 1)"))
        do throws(S3Error) {
            guard let etag = try Self.xml(try await send(request))["ETag"]?.text, !etag.isEmpty else {
                throw .unexpected("no ETag of a part")
            }
            return .success(etag.withoutQuotes)
        } catch { return .failure(error) }
    }

    private func copyRequest(_ key: String, to target: String, ifMatch etag: String?) -> S3Request {
        var request = S3Request("PUT", key: target)
        request.headers = [("x-amz-copy-source", "/\(location.bucket)/\(percentEncode(key, keepingSlashes: true))")]
        if let etag { request.headers.append(("x-amz-copy-source-if-match", "\"\(etag)\"")) }
        request.timeout = .seconds(300)
        request.idleTimeout = nil
        return request
    }
}

extension S3Error {
    /// What is to be copied is not there, or not what it was.
    package static let changed = S3Error(status: 412, code: "PreconditionFailed", message: "the source has changed")
}
