extension HTTPClient {
    package struct Response: Sendable {
        package let status: Int
        /// Names in lowercase, in the order of arrival.
        package let headers: [(name: String, value: String)]
        package let body: [UInt8]

        /// The first header of this lowercase name.
        package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
    }

    /// A response whose body arrives bit by bit. The connection waits while nobody reads; letting go of it ends the exchange.
    package struct StreamedResponse: Sendable {
        package let status: Int
        /// Names in lowercase, in the order of arrival.
        package let headers: [(name: String, value: String)]
        let reader: ResponseReader
        /// Throws `HTTPClientError`. For one reader.
        package var chunks: AsyncThrowingStream<[UInt8], any Error> { AsyncThrowingStream { try await reader.next() } }

        /// What has arrived since the last call; nil at the end. For one reader.
        package func next() async throws(HTTPClientError) -> [UInt8]? { try await reader.next() }

        /// The first header of this lowercase name.
        package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
    }
}
