import FoundationEssentials
package import S3

extension S3Store {
    /// What the bucket's rule moves has this tag. Who has the bytes of a finished media does not matter to a rule, so it cannot go by prefix
    /// and age alone.
    package static let coldTag = S3Tag(key: "millrace", value: "cold")

    /// Marks the object for the bucket's rule, which moves it within a day or so.
    package func archive(_ object: ObjectInfo) async throws(StoreError) {
        guard cold != nil else { throw StoreError(.invalidRequest, "there is no cold storage class") }
        guard object.state == .available else { return }
        let name = try full(object.key)
        try await translating { () async throws(S3Error) in
            // Whoever copied the object in may have had tags of his own.
            let tags = try await client.tags(of: name)
            guard !tags.contains(Self.coldTag) else { return }
            try await client.setTags(tags.filter { $0.key != Self.coldTag.key } + [Self.coldTag], of: name)
        }
    }

    /// Has the store bring it back. Where it only knows classes, it is copied into the standard one, which moves it again when it is old.
    package func restore(_ key: String) async throws(StoreError) -> ObjectInfo {
        let name = try full(key)
        let object = try await translating { () async throws(S3Error) in try await client.head(name) }
        guard let object else { throw StoreError(.notFound, "no such object") }
        let info = info(object)
        guard info.state != .available, info.state != .restoring else { return info }
        // Amazon takes no days for what its own tiering brings back.
        let days = object.isInArchiveTier ? nil : Self.days(cold?.restoredFor ?? .seconds(7 * 86_400))
        do { try await client.restore(name, days: days) } catch  where error.isRestoreUnknown {
            try await copyBack(object)
        } catch { throw StoreError(error) }
        guard let now = try await head(key) else { throw StoreError(.notFound, "no such object") }
        return now
    }

    /// Without the tag, which would send it away again tomorrow.
    private func copyBack(_ object: S3Object) async throws(StoreError) {
        do throws(S3Error) {
            let tags = try await client.tags(of: object.key)
            let kept = tags.filter { $0 != Self.coldTag }
            if kept != tags { try await client.setTags(kept, of: object.key) }
            try await copy(object, to: object.key, storageClass: "STANDARD")
            // Parts make a new object, without any.
            if object.size > largestCopy, !kept.isEmpty { try await client.setTags(kept, of: object.key) }
        } catch { throw StoreError(copying: error) }
    }

    /// Whole days, as S3 counts them.
    package static func days(_ duration: Duration) -> Int { max(1, Int((duration / .seconds(86_400)).rounded(.up))) }
}
