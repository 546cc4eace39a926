package import ObjectStore

extension Environment {
    /// `MILLRACE_COLD_CLASS` of a bucket, or `MILLRACE_COLD_DIRECTORY` beside a file store, with `MILLRACE_COLD_AFTER` (90d) and
    /// `MILLRACE_COLD_RESTORED` (7d); nil without either.
    /// - Parameter store: as `MILLRACE_STORE` has it.
    package func coldStorage(of store: String) throws(SettingsError) -> ColdStorage? {
        let longest = Duration.seconds(3650 * 86_400)
        let after = try duration("MILLRACE_COLD_AFTER", default: .seconds(90 * 86_400), in: .seconds(1)...longest)
        let restored = try duration("MILLRACE_COLD_RESTORED", default: .seconds(7 * 86_400), in: .seconds(1)...longest)
        return try coldPlace(of: store).map { ColdStorage($0, after: after, restoredFor: restored) }
    }

    private func coldPlace(of store: String) throws(SettingsError) -> ColdStorage.Place? {
        let (className, directoryName) = ("MILLRACE_COLD_CLASS", "MILLRACE_COLD_DIRECTORY")
        let isBucket = store.hasPrefix("s3://")
        if let name = value(className) {
            guard isBucket else { throw SettingsError(className, "is for a bucket; a file store has \(directoryName)") }
            guard name.utf8.count <= 64, name.utf8.allSatisfy({ (0x21...0x7e).contains($0) }), name != "STANDARD" else {
                throw SettingsError(className, value: name, isNot: "a storage class like GLACIER")
            }
            return .storageClass(name)
        }
        guard let path = value(directoryName) else { return nil }
        guard !isBucket else { throw SettingsError(directoryName, "is for a file store; a bucket has \(className)") }
        return .directory(path)
    }
}
