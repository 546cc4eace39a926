package import FoundationEssentials
package import HTTPClient

/// Credentials that are good now: loaded once for all who ask, again before they expire, and now and then where they come from
/// files. While new ones cannot be had the old ones serve as long as they last.
package actor CredentialsProvider {
    /// How long before their end credentials are renewed.
    private static let margin: TimeInterval = 300
    /// How often files are looked at, and how soon a renewal that failed is tried again.
    private static let interval: TimeInterval = 60

    private let source: CredentialsSource
    private let http: HTTPClient
    private let now: @Sendable () -> Date
    private var current: AWSCredentials?
    private var nextLoad = Date.distantPast
    private var loading: Task<Result<AWSCredentials, CredentialsError>, Never>?

    package init(_ source: CredentialsSource, http: HTTPClient, now: @escaping @Sendable () -> Date = { Date() }) {
        self.source = source
        self.http = http
        self.now = now
    }

    package func credentials() async throws(CredentialsError) -> AWSCredentials {
        if let current, now() < nextLoad, !isOver(current) { return current }
        let loaded = await load()
        // Another call may have been faster with newer ones.
        if let current, !isOver(current) { return current }
        return try loaded.get()
    }

    /// The service has called `refused` expired or unknown: the next call loads new ones.
    package func forget(_ refused: AWSCredentials) { if current == refused { current = nil } }

    private func isOver(_ credentials: AWSCredentials) -> Bool { credentials.expiresAt.map { $0 <= now() } ?? false }

    private func load() async -> Result<AWSCredentials, CredentialsError> {
        if let loading { return await loading.value }
        let task = Task { [source, http] in
            do throws(CredentialsError) {
                return Result<AWSCredentials, CredentialsError>.success(try await source.load(http))
            } catch {
                return .failure(error)
            }
        }
        loading = task
        let result = await task.value
        loading = nil
        nextLoad = now().addingTimeInterval(Self.interval)
        if case .success(let loaded) = result {
            current = loaded
            if let expiry = loaded.expiresAt {
                nextLoad = max(nextLoad, expiry.addingTimeInterval(-Self.margin))
            } else if !source.mayChange {
                nextLoad = .distantFuture
            }
        }
        return result
    }
}
