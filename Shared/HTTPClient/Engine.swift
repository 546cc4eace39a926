import CCurl
import Synchronization

/// The client's thread and its mailbox. All of libcurl's state is touched on that thread alone, but for the wake-up.
final class Engine: Sendable {
    enum Command: Sendable {
        case start(UInt64, HTTPClient.Request, ResponsePipe, (@Sendable (Int64) -> Void)?)
        case resume(UInt64)
        case cancel(UInt64)
    }

    private struct Mailbox {
        var commands: [Command] = []
        var isStopped = false
        var nextID: UInt64 = 0
        /// Set while the thread can be woken.
        var bell: WakeUp?
    }

    let ended = Latch()
    private let mailbox = Mutex(Mailbox())

    init(_ options: HTTPClientOptions) {
        _ = Self.isCurlReady
        Thread.start { [self] in
            TransferLoop(options).run(self)
            ended.open()
        }
    }

    func start(_ request: HTTPClient.Request, _ onUploadProgress: (@Sendable (Int64) -> Void)?) -> ResponseReader {
        let id = mailbox.withLock { mailbox in
            mailbox.nextID += 1
            return mailbox.nextID
        }
        let pipe = ResponsePipe(limit: request.maxResponseBytes) { [weak self] in self?.post(.resume(id)) }
        if !post(.start(id, request, pipe, onUploadProgress)) {
            pipe.finish(.failure(HTTPClientError(.cancelled, "the client is closed")))
        }
        return ResponseReader(pipe) { [weak self] in self?.post(.cancel(id)) }
    }

    func stop() {
        mailbox.withLock { mailbox in
            mailbox.isStopped = true
            mailbox.bell?.ring()
        }
    }

    // MARK: the thread's side

    func attach(_ bell: WakeUp) { mailbox.withLock { $0.bell = bell } }

    /// What came in since the last call; nil once stopped, and from then on the handle is the thread's alone.
    func takeCommands() -> [Command]? {
        mailbox.withLock { mailbox in
            guard !mailbox.isStopped else {
                mailbox.bell = nil
                return nil
            }
            defer { mailbox.commands = [] }
            return mailbox.commands
        }
    }

    /// What was posted but will never start.
    func takeRest() -> [Command] { mailbox.withLock { $0.commands } }

    @discardableResult
    private func post(_ command: Command) -> Bool {
        mailbox.withLock { mailbox in
            guard !mailbox.isStopped else { return false }
            mailbox.commands.append(command)
            mailbox.bell?.ring()
            return true
        }
    }

    /// `curl_global_init` must have run once before anything else of libcurl.
    private static let isCurlReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}

/// Ends the wait of the engine's thread.
///
/// `@unchecked`: it holds the multi handle only for `curl_multi_wakeup`, which libcurl documents as safe from any thread.
struct WakeUp: @unchecked Sendable {
    private let multi: UnsafeMutableRawPointer
    init(_ multi: UnsafeMutableRawPointer) { self.multi = multi }
    func ring() { curl_multi_wakeup(multi) }
}
