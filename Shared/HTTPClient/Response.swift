extension HTTPClient {
    package struct Response: Sendable {
        package let status: Int
        /// Names in lowercase, in the order of arrival.
        package let headers: [(name: String, value: String)]
        package let body: [UInt8]

        /// The first header of this lowercase name.
        package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
    }

    /// A response whose body arrives bit by bit. The connection waits while nobody reads; letting go of `chunks` ends it.
    package struct StreamedResponse: Sendable {
        package let status: Int
        /// Names in lowercase, in the order of arrival.
        package let headers: [(name: String, value: String)]
        /// Throws `HTTPClientError`. For one reader.
        package let chunks: AsyncThrowingStream<[UInt8], any Error>

        /// The first header of this lowercase name.
        package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
    }

    /// A response whose body is asked for bit by bit. Letting go of all copies of it ends the exchange.
    package struct OpenResponse: Sendable {
        package let status: Int
        /// Names in lowercase, in the order of arrival.
        package let headers: [(name: String, value: String)]
        let reader: ResponseReader

        /// The first header of this lowercase name.
        package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

        /// What has arrived since the last call; nil at the end. For one reader.
        package func next() async throws(HTTPClientError) -> [UInt8]? { try await reader.next() }
    }
}
