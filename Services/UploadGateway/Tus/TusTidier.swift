import Catalog
import Events
import FoundationEssentials
import Logging
import ObjectStore
import ServiceLifecycle

/// Removes what uploads by tus have left: tails of those that are over, and pieces that nobody put together in time. At the start and
/// then every hour.
struct TusTidier: Service {
    let catalog: Catalog
    let store: any ObjectStore
    let partials: TusPartials
    let logger: Logger
    var interval: Duration = .seconds(3600)

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                do { try await tidy() } catch { logger.warning("cannot tidy up uploads", metadata: ["error": "\(error)"]) }
                try await Task.sleep(for: interval)
            }
        }
    }

    func tidy(now: Date = Date()) async throws {
        try await forEachKey(TusPartials.prefix) { key in
            guard key.hasSuffix("/note"), let id = TusPartials.id(of: key), let partial = try await partials.find(id),
                partial.expiresAt < now
            else { return }
            try await partials.remove(partial)
        }
        try await forEachKey(TusTails.prefix) { key in
            guard let id = TusTails.id(of: key), try await !isUploading(id) else { return }
            try await store.delete(key)
        }
    }

    private func isUploading(_ id: MediaID) async throws -> Bool {
        if try await partials.find(id) != nil { return true }
        guard case .inFlight(let record) = try await catalog.entry(id)?.entry else { return false }
        return record.status == .uploading && record.outcome == nil
    }

    private func forEachKey(_ prefix: String, _ work: (String) async throws -> Void) async throws {
        var last: String?
        repeat {
            let page = try await store.list(prefix: prefix, startAfter: last, limit: 500)
            last = page.last?.key
            for object in page { try await work(object.key) }
        } while last != nil
    }
}
