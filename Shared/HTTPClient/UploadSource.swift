import Glibc

/// The bytes of a request body, read as libcurl asks for them.
final class UploadSource {
    let length: Int64
    private let content: Content
    private var position: Int64 = 0

    private enum Content {
        case bytes([UInt8])
        case file(Int32, offset: Int64)
    }

    /// Nil for a request without a body.
    init?(_ body: HTTPClient.Body) throws(HTTPClientError) {
        switch body {
        case .none: return nil
        case .bytes(let bytes):
            content = .bytes(bytes)
            length = Int64(bytes.count)
        case .file(let path, let offset, let length):
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw HTTPClientError(.invalidRequest, "cannot open the file to send") }
            content = .file(descriptor, offset: offset)
            self.length = length
        }
    }

    deinit { if case .file(let descriptor, _) = content { close(descriptor) } }

    /// Fills `target` with what comes next.
    /// - Returns: the bytes copied, 0 at the end; nil when the file cannot be read or is shorter than it should be.
    func read(into target: UnsafeMutableRawBufferPointer) -> Int? {
        let count = Int(min(Int64(target.count), length - position))
        guard count > 0 else { return 0 }
        let copied = copy(UnsafeMutableRawBufferPointer(rebasing: target[..<count]))
        guard copied > 0 else { return nil }
        position += Int64(copied)
        return copied
    }

    /// libcurl goes back to the start when a kept-alive connection turns out to be dead.
    func seek(to newPosition: Int64) { position = min(max(0, newPosition), length) }

    private func copy(_ target: UnsafeMutableRawBufferPointer) -> Int {
        switch content {
        case .bytes(let bytes):
            let start = Int(position)
            target.copyBytes(from: bytes[start..<start + target.count])
            return target.count
        case .file(let descriptor, let offset):
            return pread(descriptor, target.baseAddress, target.count, off_t(offset + position))
        }
    }
}
