import CCurl

/// libcurl calls back on the engine's thread; the context is the transfer, which the loop keeps alive meanwhile.
extension Transfer {
    func setCallbacks() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        millrace_curl_set_exchange(
            easy, context,
            { line, size, count, context in Transfer.from(context).receivedHeader(line, size * count) },
            { bytes, size, count, context in Transfer.from(context).receivedBody(bytes, size * count) },
            { target, size, count, context in Transfer.from(context).fill(target, size * count) },
            { context, offset, _ in Transfer.from(context).rewind(to: offset) },
            { context, _, _, _, sent in Transfer.from(context).progressed(sent) })
        set(progressMeter: onUploadProgress != nil)
        millrace_curl_set_address_checks(
            easy, context,
            { context, _, address in Transfer.from(context).openSocket(address) },
            { context, ip, _, _, _ in Transfer.from(context).mayRequest(from: ip) })
    }

    private func set(progressMeter isOn: Bool) { millrace_curl_set_long(easy, CURLOPT_NOPROGRESS, isOn ? 0 : 1) }

    private static func from(_ context: UnsafeMutableRawPointer?) -> Transfer {
        // Never nil: it is the pointer set above.
        Unmanaged<Transfer>.fromOpaque(context.unsafelyUnwrapped).takeUnretainedValue()
    }

    /// Any count other than the one given ends the transfer.
    private func receivedHeader(_ line: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        let bytes = UnsafeRawBufferPointer(start: line, count: count)
        guard head.append(String(decoding: bytes, as: UTF8.self)) else {
            isTooLarge = true
            return count == 0 ? 1 : 0
        }
        if let complete = head.complete { pipe.receive(complete) }
        return count
    }

    private func receivedBody(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        switch pipe.receive(UnsafeRawBufferPointer(start: bytes, count: count)) {
        case .taken: return count
        case .pause: return millrace_curl_write_pause
        case .tooLarge:
            isTooLarge = true
            return count == 0 ? 1 : 0
        }
    }

    private func fill(_ target: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let upload else { return 0 }
        return upload.read(into: UnsafeMutableRawBufferPointer(start: target, count: count)) ?? millrace_curl_read_abort
    }

    private func rewind(to offset: curl_off_t) -> Int32 {
        upload?.seek(to: Int64(offset))
        return CURL_SEEKFUNC_OK
    }

    private func progressed(_ now: curl_off_t) -> Int32 {
        guard now != sent else { return 0 }
        sent = Int64(now)
        onUploadProgress?(sent)
        return 0
    }

    private func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>?) -> curl_socket_t {
        guard let address, let ip = Self.text(of: address), isAllowed(ip) else { return millrace_curl_bad_socket }
        hasDialled = true
        return millrace_curl_open_socket(address)
    }

    private func mayRequest(from ip: UnsafeMutablePointer<CChar>?) -> Int32 {
        isConnected = true
        // libcurl 7.88 sends a request again on a new connection without rewinding what it has read but not yet sent.
        upload?.seek(to: 0)
        guard let ip, isAllowed(String(cString: ip)) else { return CURL_PREREQFUNC_ABORT }
        return CURL_PREREQFUNC_OK
    }

    private func isAllowed(_ ip: String) -> Bool {
        let answer = allowAddress(ip)
        if !answer { refusedAddress = ip }
        return answer
    }

    private static func text(of address: UnsafePointer<curl_sockaddr>) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
            millrace_curl_address_text(address, buffer.baseAddress, socklen_t(buffer.count)).map { String(cString: $0) }
        }
    }
}
