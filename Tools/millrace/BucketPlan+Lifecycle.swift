import ObjectStore
import S3

extension BucketPlan {
    /// What the bucket's rules are to do with objects as they grow older.
    /// - Parameter present: the rules it has, of which those of others are kept.
    func lifecycleChanges(_ present: [S3LifecycleRule]) -> [Change] {
        let abort = change(
            "abort uploads in parts after \(abortAfterDays) days", to: abortRules, abortRules.map(\.id), present)
        let cold = change(coldDescription, to: coldRules, [coldID], present)
        return [abort, cold].compactMap(\.self)
    }

    /// - Parameter ids: of ours among them.
    private func change(
        _ description: String, to rules: [S3LifecycleRule], _ ids: [String], _ present: [S3LifecycleRule]
    ) -> Change? {
        guard Set(present.filter { ids.contains($0.id) }) != Set(rules) else { return nil }
        return Change(description: "\(description) (lifecycle)") {
            let others = try await client.lifecycleRules().filter { !ids.contains($0.id) }
            try await client.setLifecycleRules(others + rules)
        }
    }

    private var coldID: String { "millrace-cold" + client.location.suffix }

    /// Only where our own uploads lie: the bucket may be shared.
    private var abortRules: [S3LifecycleRule] {
        S3Store.uploadPrefixes.map { place in
            let id = "millrace-abort-\(place.dropLast())\(client.location.suffix)"
            return S3LifecycleRule.abortUploads(id: id, prefix: prefix + place, afterDays: abortAfterDays)
        }
    }

    private var coldRules: [S3LifecycleRule] {
        guard let cold, let name = cold.storageClass else { return [] }
        return [
            S3LifecycleRule.transition(
                id: coldID, prefix: prefix + "projects/", tag: S3Store.coldTag, afterDays: cold.ruleDays, to: name)
        ]
    }

    private var coldDescription: String {
        guard let cold, let name = cold.storageClass else { return "leave originals where they are" }
        return "move originals to \(name) after \(S3Store.days(cold.after)) days"
    }
}

extension ColdStorage {
    /// What is tagged is old enough; so the rule only has to be as old as a store will have it. A store may begin to count anew with the tag
    /// (Ceph does), and Amazon wants 30 days for its classes of infrequent access.
    fileprivate var ruleDays: Int { ["STANDARD_IA", "ONEZONE_IA"].contains(storageClass) ? 30 : 1 }
}
