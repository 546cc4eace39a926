import Crypto
import Events
import FoundationEssentials
import HTTPServer
import HTTPTypes
import Messaging
import Redis

/// Remembers for a day what presign requests with an `Idempotency-Key` have decided.
struct Idempotency: Sendable {
    private static let memory = Duration.seconds(86_400)

    let bus: any Bus
    let redis: RedisClient
    let partitions: Int
    /// Of the URLs that a repetition gets when the first ones have expired.
    let urlLifetime: Duration

    /// The ticket of an earlier request with this key.
    /// - Throws: 422 `idempotencyKeyReused` when that request had another body.
    func find(_ key: IdempotencyKey, body: some Encodable) async throws -> UploadTicket? {
        let name = RedisKeys.state(key.place.partition(of: partitions), key.stateKey)
        guard let text = try await redis.send(["HGET", name, "d"]).string else { return nil }
        let entry = try EventCoding.decode(Entry.self, from: Data(text.utf8))
        guard entry.body == (try fingerprint(body)) else {
            throw Problem(
                .unprocessableContent, code: "idempotencyKeyReused",
                detail: "This Idempotency-Key came with another body before.")
        }
        var ticket = entry.ticket
        if ticket.expiresAt < Date() { ticket.expiresAt = .expiry(after: urlLifetime) }
        return ticket
    }

    /// - Returns: false when another request with this key was faster.
    func remember(_ ticket: UploadTicket, _ key: IdempotencyKey, body: some Encodable) async throws -> Bool {
        let entry = Entry(body: try fingerprint(body), ticket: ticket)
        let value = String(decoding: try EventCoding.encode(entry), as: UTF8.self)
        let change = StateChange.put(key: key.stateKey, value: value, expecting: 0, lifetime: Self.memory)
        return try await bus.commit(Commit(key.place, changes: [change])) == .committed
    }

    /// SHA-256 of the body in canonical JSON.
    private func fingerprint(_ body: some Encodable) throws -> String {
        hex(SHA256.hash(data: try EventCoding.encode(body)))
    }

    private struct Entry: Codable {
        let body: String
        let ticket: UploadTicket
    }
}
