/// The caller's end of an exchange. Letting go of it ends the exchange.
final class ResponseReader: Sendable {
    private let pipe: ResponsePipe
    private let cancel: @Sendable () -> Void

    init(_ pipe: ResponsePipe, cancel: @escaping @Sendable () -> Void) {
        self.pipe = pipe
        self.cancel = cancel
    }

    deinit { cancel() }

    func head() async throws(HTTPClientError) -> ResponseHead {
        try await whileNotCancelled { await self.pipe.head() }.get()
    }

    /// What has arrived since the last call; nil at the end.
    func next() async throws(HTTPClientError) -> [UInt8]? {
        try await whileNotCancelled { await self.pipe.next() }.get()
    }

    private func whileNotCancelled<Value: Sendable>(_ body: () async -> Value) async -> Value {
        await withTaskCancellationHandler(operation: body, onCancel: cancel)
    }
}
