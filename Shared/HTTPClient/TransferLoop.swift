import CCurl

/// Runs the transfers of one multi handle. It lives on the engine's thread.
final class TransferLoop {
    private let options: HTTPClientOptions
    private let multi = curl_multi_init()
    private var transfers: [UInt64: Transfer] = [:]

    init(_ options: HTTPClientOptions) {
        self.options = options
    }

    deinit { curl_multi_cleanup(multi) }

    func run(_ engine: Engine) {
        guard let multi else { return refuse(engine, HTTPClientError(.other, "libcurl has no memory")) }
        millrace_curl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, options.maxConnections)
        engine.attach(WakeUp(multi))
        while let commands = engine.takeCommands() {
            for command in commands { obey(command, multi) }
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            finishEnded(multi)
            curl_multi_poll(multi, nil, 0, 10_000, nil)
        }
        for id in transfers.keys { end(id, .failure(HTTPClientError(.cancelled, "the client was closed"))) }
        refuse(engine, HTTPClientError(.cancelled, "the client was closed"))
    }

    private func obey(_ command: Engine.Command, _ multi: UnsafeMutableRawPointer) {
        switch command {
        case .start(let id, let request, let pipe, let onUploadProgress):
            do throws(HTTPClientError) {
                let transfer = try Transfer(id, request, options, pipe, onUploadProgress)
                curl_multi_add_handle(multi, transfer.easy)
                transfers[id] = transfer
            } catch {
                pipe.finish(.failure(error))
            }
        case .resume(let id):
            if let transfer = transfers[id] { curl_easy_pause(transfer.easy, CURLPAUSE_CONT) }
        case .cancel(let id):
            end(id, .failure(HTTPClientError(.cancelled, "the request was cancelled")))
        }
    }

    private func finishEnded(_ multi: UnsafeMutableRawPointer) {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE else { continue }
            let (easy, code) = (message.pointee.easy_handle, millrace_curl_result(message))
            guard let transfer = transfers.values.first(where: { $0.easy == easy }) else { continue }
            end(transfer.id, transfer.result(code))
        }
    }

    private func end(_ id: UInt64, _ result: Result<Void, HTTPClientError>) {
        guard let transfer = transfers.removeValue(forKey: id) else { return }
        curl_multi_remove_handle(multi, transfer.easy)
        transfer.pipe.finish(result)
    }

    private func refuse(_ engine: Engine, _ error: HTTPClientError) {
        engine.stop()
        for case .start(_, _, let pipe, _) in engine.takeRest() { pipe.finish(.failure(error)) }
    }
}
