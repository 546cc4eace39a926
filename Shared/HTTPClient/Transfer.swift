import CCurl

/// One exchange: an easy handle, set up from the request. Owned by the loop, and used on its thread only.
final class Transfer {
    let id: UInt64
    let easy: UnsafeMutableRawPointer
    let pipe: ResponsePipe
    let upload: UploadSource?
    let allowAddress: @Sendable (String) -> Bool
    let onUploadProgress: (@Sendable (Int64) -> Void)?
    var head = HeadParser()
    var sent: Int64 = 0
    /// The last address that was not allowed.
    var refusedAddress: String?
    /// Whether one was that could then not be reached.
    var hasDialled = false
    var isTooLarge = false
    var isConnected = false
    private var headers: UnsafeMutablePointer<curl_slist>?
    private let message = UnsafeMutablePointer<CChar>.allocate(capacity: millrace_curl_error_size)

    init(
        _ id: UInt64, _ request: HTTPClient.Request, _ options: HTTPClientOptions, _ pipe: ResponsePipe,
        _ onUploadProgress: (@Sendable (Int64) -> Void)?
    ) throws(HTTPClientError) {
        upload = try UploadSource(request.body)
        guard let easy = curl_easy_init() else { throw HTTPClientError(.other, "libcurl has no memory") }
        self.id = id
        self.easy = easy
        self.pipe = pipe
        self.onUploadProgress = onUploadProgress
        allowAddress = options.allowAddress
        message.initialize(repeating: 0, count: millrace_curl_error_size)
        millrace_curl_set_error_buffer(easy, message)
        apply(options)
        apply(request)
        setCallbacks()
    }

    /// The handle goes first: it still points to the headers and the message.
    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headers)
        message.deallocate()
    }

    func result(_ code: CURLcode) -> Result<Void, HTTPClientError> {
        guard code != CURLE_OK else { return .success(()) }
        let reason = errorCode(code)
        if reason == .addressRefused, let refusedAddress {
            return .failure(HTTPClientError(reason, "the address \(refusedAddress) is not allowed"))
        }
        let detail = message.pointee == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: message)
        return .failure(HTTPClientError(reason, detail))
    }

    private func errorCode(_ code: CURLcode) -> HTTPClientError.Code {
        if isTooLarge { return .tooLarge }
        switch code {
        case CURLE_COULDNT_CONNECT where refusedAddress == nil || hasDialled: return .connect
        case CURLE_COULDNT_CONNECT,
            CURLE_ABORTED_BY_CALLBACK where refusedAddress != nil:
            return .addressRefused
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION: return .connect
        case CURLE_OPERATION_TIMEDOUT: return .timeout
        case CURLE_URL_MALFORMAT,
            CURLE_UNSUPPORTED_PROTOCOL where !isConnected:
            return .invalidRequest
        default: return .other
        }
    }

    private func apply(_ options: HTTPClientOptions) {
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_PROXY, "")
        set(CURLOPT_PROTOCOLS_STR, options.allowedProtocols.joined(separator: ","))
        set(CURLOPT_FOLLOWLOCATION, 0)
        // `/../` in a path is whatever the server makes of it, and may be signed.
        set(CURLOPT_PATH_AS_IS, 1)
        if let file = options.authorityFile { set(CURLOPT_CAINFO, file) }
        set(CURLOPT_USERAGENT, options.userAgent)
        set(CURLOPT_CONNECTTIMEOUT_MS, options.connectTimeout.milliseconds)
    }

    private func apply(_ request: HTTPClient.Request) {
        set(CURLOPT_URL, request.url)
        if let timeout = request.timeout { set(CURLOPT_TIMEOUT_MS, timeout.milliseconds) }
        if let idle = request.idleTimeout {
            set(CURLOPT_LOW_SPEED_LIMIT, 1)
            set(CURLOPT_LOW_SPEED_TIME, max(1, idle.milliseconds / 1000))
        }
        apply(method: request.method)
        apply(request.body, request.method)
        // Without this libcurl waits a second for a "100 Continue" that few servers send.
        add("Expect:")
        for (name, value) in request.headers { add(value.isEmpty ? "\(name);" : "\(name): \(value)") }
        millrace_curl_set_list(easy, CURLOPT_HTTPHEADER, headers)
    }

    private func apply(method: String) {
        if method == "HEAD" { set(CURLOPT_NOBODY, 1) } else { set(CURLOPT_CUSTOMREQUEST, method) }
    }

    private func apply(_ body: HTTPClient.Body, _ method: String) {
        switch body {
        case .bytes(let bytes) where (1...Self.smallBody).contains(bytes.count): sendAtOnce(bytes)
        case .none where !["POST", "PUT", "PATCH"].contains(method): break
        default:
            set(CURLOPT_UPLOAD, 1)
            set(CURLOPT_UPLOAD_BUFFERSIZE, 256 << 10)
            millrace_curl_set_offset(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(upload?.length ?? 0))
        }
    }

    /// In one write with the head. When a kept-alive connection turns out to be dead, libcurl then sees it by the missing
    /// answer, and sends the request again on a new one; a failing write in the middle would be an error.
    private func sendAtOnce(_ bytes: [UInt8]) {
        millrace_curl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
        _ = bytes.withUnsafeBytes { millrace_curl_set_bytes(easy, CURLOPT_COPYPOSTFIELDS, $0.baseAddress) }
        // The caller's own replaces this one; without either libcurl would claim that it is a form.
        add("Content-Type:")
    }

    private static let smallBody = 32 << 10

    private func add(_ line: String) { headers = curl_slist_append(headers, line) }
    private func set(_ option: CURLoption, _ value: Int) { millrace_curl_set_long(easy, option, value) }
    private func set(_ option: CURLoption, _ value: String) { millrace_curl_set_text(easy, option, value) }
}

extension Duration {
    /// Whole milliseconds, at least one for anything above zero.
    fileprivate var milliseconds: Int {
        let (seconds, attoseconds) = components
        return max(self > .zero ? 1 : 0, Int(clamping: seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
