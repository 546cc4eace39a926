/// HTTP over libcurl: one thread runs any number of exchanges; callers suspend.
///
/// Source of the scheme: libcurl's multi interface, https://curl.se/libcurl/c/libcurl-multi.html.
package final class HTTPClient: Sendable {
    private let engine: Engine

    package init(_ options: HTTPClientOptions = HTTPClientOptions()) {
        engine = Engine(options)
    }

    deinit { engine.stop() }

    /// Sends a request and collects the response. Cancelling the task ends the exchange.
    /// - Parameter onUploadProgress: told how many bytes of the body have been sent, on the client's thread: be quick.
    package func send(
        _ request: Request, onUploadProgress: (@Sendable (Int64) -> Void)? = nil
    ) async throws(HTTPClientError) -> Response {
        let reader = try start(request, onUploadProgress)
        let head = try await reader.head()
        var body: [UInt8] = []
        while let chunk = try await reader.next() { body += chunk }
        return Response(status: head.status, headers: head.headers, body: body)
    }

    /// Sends a request and answers as soon as the response's head is there.
    ///
    /// `timeout` counts for the whole stream: set it to nil and use `idleTimeout` for one that lives long.
    package func stream(_ request: Request) async throws(HTTPClientError) -> StreamedResponse {
        let response = try await open(request)
        let reader = response.reader
        return StreamedResponse(
            status: response.status, headers: response.headers, chunks: AsyncThrowingStream { try await reader.next() })
    }

    /// The same for who asks for the body bit by bit.
    package func open(_ request: Request) async throws(HTTPClientError) -> OpenResponse {
        let reader = try start(request, nil)
        let head = try await reader.head()
        return OpenResponse(status: head.status, headers: head.headers, reader: reader)
    }

    /// Ends every exchange with `.cancelled` and waits until the thread is gone.
    package func close() async {
        engine.stop()
        await engine.ended.wait()
    }

    private func start(
        _ request: Request, _ onUploadProgress: (@Sendable (Int64) -> Void)?
    ) throws(HTTPClientError) -> ResponseReader {
        try request.validate()
        return engine.start(request, onUploadProgress)
    }
}
