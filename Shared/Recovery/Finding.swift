package import Events
package import ObjectStore

/// Something in the store that Redis does not know, or not yet.
package enum Finding: Sendable, Hashable {
    /// An original without manifest and record: it is processed as if it had just been uploaded.
    case lostOriginal(MediaKeys, ObjectInfo)
    /// A manifest without record: the media is put back into the index.
    case lostEntry(MediaKeys)
    /// The original of an upload that was given up, whose removal was interrupted: it is removed.
    case abandonedOriginal(MediaKeys, ObjectInfo)
    /// The original of an upload of which nobody has said that it is there, neither its client nor the store: the upload is complete.
    case untoldOriginal(MediaKeys, ObjectInfo)
    /// An original without record that is too young to be called lost: nothing is done yet.
    case young(MediaKeys)

    package var keys: MediaKeys {
        switch self {
        case .lostOriginal(let keys, _), .abandonedOriginal(let keys, _), .untoldOriginal(let keys, _): keys
        case .lostEntry(let keys), .young(let keys): keys
        }
    }
}

/// How many media were looked at, and what was done to how many of them.
package struct RecoveryTally: Sendable, Hashable, Codable {
    package var media = 0
    package var lostOriginals = 0
    package var lostEntries = 0
    package var abandonedOriginals = 0
    package var untoldOriginals = 0
    package var young = 0
    /// Their manifest cannot be read: somebody must look at it.
    package var unreadable = 0

    package init() {}

    package var isClean: Bool { lostOriginals + lostEntries + abandonedOriginals + untoldOriginals + unreadable == 0 }

    package mutating func add(_ finding: Finding, _ outcome: Recovery.Outcome) {
        switch (finding, outcome) {
        case (.young, _): young += 1
        case (_, .unreadable): unreadable += 1
        case (_, .untouched): break
        case (.lostOriginal, .mended): lostOriginals += 1
        case (.lostEntry, .mended): lostEntries += 1
        case (.abandonedOriginal, .mended): abandonedOriginals += 1
        case (.untoldOriginal, .mended): untoldOriginals += 1
        }
    }
}
