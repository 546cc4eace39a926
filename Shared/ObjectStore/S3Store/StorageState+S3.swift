import AWS
import S3

extension StorageState {
    /// Amazon's classes whose objects are restored before they are read, whoever's rule has moved them.
    private static let frozen: Set = ["GLACIER", "DEEP_ARCHIVE"]
    /// Amazon's other classes, which are read like the standard one.
    private static let open: Set = [
        "", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "REDUCED_REDUNDANCY", "EXPRESS_ONEZONE",
    ]

    /// Whether objects of a class have to be restored.
    /// - Parameter coldClass: the one that is configured, which of another store may have any name.
    static func isCold(_ storageClass: String, coldClass: String?) -> Bool {
        frozen.contains(storageClass) || (storageClass == coldClass && !open.contains(storageClass))
    }

    init(_ object: S3Object, coldClass: String?) {
        guard object.isInArchiveTier || Self.isCold(object.storageClass, coldClass: coldClass) else {
            self = .available
            return
        }
        switch object.restoration {
        case nil: self = .archived
        case .ongoing: self = .restoring
        case .done(let expiry): self = .restored(until: expiry)
        }
    }
}
