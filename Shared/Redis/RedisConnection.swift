/// Serves a queue of requests over one connection, on a thread that may block.
actor RedisConnection {
    nonisolated let executor: QueueExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let url: RedisURL
    private let name: String
    private let timeout: Duration
    private let queue: RequestQueue
    private var link: RedisLink?

    init(_ url: RedisURL, name: String, timeout: Duration, queue: RequestQueue) {
        executor = QueueExecutor(label: "redis.\(name)")
        self.url = url
        self.name = name
        self.timeout = timeout
        self.queue = queue
    }

    /// Begins to send, on the connection's own thread.
    nonisolated func start() {
        executor.run { self.assumeIsolated { $0.serve() } }
    }

    func close() {
        queue.disconnected()
        link = nil
    }

    /// Sends until nothing waits. What is added while a batch is on its way goes out together in the next one.
    private func serve() {
        while true {
            let batch = queue.next()
            guard !batch.isEmpty else { return }
            let result = run(batch)
            queue.answered()
            answer(batch, result)
        }
    }

    private func run(_ batch: [RequestQueue.Request]) -> Result<[RedisValue], RedisError> {
        do throws(RedisError) {
            try connect()
            for request in batch { try link?.append(request.bytes.dropFirst(request.sentBytes)) }
            let count = batch.reduce(0) { $0 + $1.commands }
            guard let replies = try link?.replies(count) else { return .failure(RedisError(.unavailable, "not connected")) }
            // A server that has become a replica is not the one we want: ask for the address again. A script may say it later on.
            if replies.contains(where: { $0.error?.contains("READONLY ") ?? false }) { close() }
            return .success(replies)
        } catch {
            close()
            return .failure(error)
        }
    }

    private func connect() throws(RedisError) {
        guard link == nil else { return }
        let new = try RedisLink.open(url, name: name, timeout: timeout)
        queue.connected(new.socket, isPlain: url.tls == nil)
        link = consume new
    }

    private func answer(_ batch: [RequestQueue.Request], _ result: Result<[RedisValue], RedisError>) {
        var start = 0
        for request in batch {
            let end = start + request.commands
            request.continuation.resume(returning: result.map { Array($0[start..<end]) })
            start = end
        }
    }
}
