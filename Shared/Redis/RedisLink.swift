internal import CHiredis
internal import Glibc

/// One open connection: the only owner of a hiredis context, which it frees at its end. Its calls block.
///
/// hiredis moves the bytes itself, except over TLS, which Debian's does not know: then it only encodes and decodes.
struct RedisLink: ~Copyable {
    private let context: UnsafeMutablePointer<redisContext>
    private var tls: TLSSession?
    /// The socket, for `shutdown` by whoever cancels a blocking read.
    let socket: Int32

    /// Connects, authenticates and selects the database.
    static func open(_ url: RedisURL, name: String, timeout: Duration) throws(RedisError) -> RedisLink {
        ignoreBrokenPipes
        let time = timeval(timeout)
        guard let context = redisConnectWithTimeout(url.host, Int32(url.port), time) else {
            throw RedisError(.unavailable, "out of memory")
        }
        var link = RedisLink(context)
        try link.check(context.pointee.err == 0 && redisSetTimeout(context, time) == REDIS_OK)
        redisEnableKeepAlive(context)
        if let tls = url.tls { link.tls = try TLSSession.open(link.socket, host: url.host, tls) }
        try link.greet(url, name)
        return link
    }

    private init(_ context: UnsafeMutablePointer<redisContext>) {
        self.context = context
        socket = context.pointee.fd
    }

    deinit { redisFree(context) }

    /// Bytes of commands to send; `replies` does it.
    func append(_ bytes: ArraySlice<UInt8>) throws(RedisError) {
        guard !bytes.isEmpty else { return }
        let isAppended = bytes.withUnsafeBytes { buffer in
            redisAppendFormattedCommand(context, buffer.bindMemory(to: CChar.self).baseAddress, buffer.count) == REDIS_OK
        }
        try check(isAppended)
    }

    /// Sends what was appended and waits for so many replies; error replies are values.
    /// - Throws: when the connection broke. It is of no use afterwards.
    func replies(_ count: Int) throws(RedisError) -> [RedisValue] {
        try flushTLS()
        var replies: [RedisValue] = []
        replies.reserveCapacity(count)
        for _ in 0..<count { replies.append(try nextReply()) }
        return replies
    }

    private func greet(_ url: RedisURL, _ name: String) throws(RedisError) {
        var greeting: [RedisCommand] = []
        if let password = url.password { greeting.append(RedisCommand(["AUTH"] + (url.user.map { [$0] } ?? []) + [password])) }
        if url.database != 0 { greeting.append(["SELECT", String(url.database)]) }
        greeting.append(["CLIENT", "SETNAME", String(name.map { $0.isASCII && !$0.isWhitespace ? $0 : "-" })])
        try append(greeting.bytes[...])
        for reply in try replies(greeting.count) {
            if let error = reply.error { throw RedisError(.server, error) }
        }
    }

    private func nextReply() throws(RedisError) -> RedisValue {
        var reply: UnsafeMutableRawPointer?
        let status = try tls == nil ? redisGetReply(context, &reply) : replyOverTLS(&reply)
        guard status == REDIS_OK, let reply else { throw failure() }
        defer { freeReplyObject(reply) }
        return RedisValue(reply.assumingMemoryBound(to: redisReply.self).pointee)
    }

    /// Sends what was appended; without TLS hiredis does that when it is asked for a reply.
    private func flushTLS() throws(RedisError) {
        guard tls != nil else { return }
        try tls?.write(UnsafeRawBufferPointer(start: mr_redis_output(context), count: mr_redis_output_length(context)))
        try check(mr_redis_output_sent(context) == 1)
    }

    private func replyOverTLS(_ reply: inout UnsafeMutableRawPointer?) throws(RedisError) -> Int32 {
        while true {
            let status = redisGetReplyFromReader(context, &reply)
            guard status == REDIS_OK, reply == nil else { return status }
            try feedFromTLS()
        }
    }

    private func feedFromTLS() throws(RedisError) {
        try withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 1) { buffer throws(RedisError) in
            let count = try tls?.read(into: buffer) ?? 0
            try check(redisReaderFeed(context.pointee.reader, buffer.baseAddress, count) == REDIS_OK)
        }
    }

    private func check(_ isGood: Bool) throws(RedisError) {
        if !isGood { throw failure() }
    }

    /// What the context says of its failure, copied.
    private func failure() -> RedisError {
        let isTimeout = context.pointee.err == REDIS_ERR_IO && (errno == EAGAIN || errno == EWOULDBLOCK)
        let text = withUnsafeBytes(of: context.pointee.errstr) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return isTimeout ? RedisError(.timeout, "no answer in time") : RedisError(.unavailable, text)
    }

    /// hiredis writes without MSG_NOSIGNAL: a server that went away would otherwise end the process.
    private static let ignoreBrokenPipes: Void = { signal(SIGPIPE, SIG_IGN) }()
}

extension timeval {
    fileprivate init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
    }
}
