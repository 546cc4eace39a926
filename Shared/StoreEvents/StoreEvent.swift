package import FoundationEssentials

/// What a store tells of one of its objects, whatever dialect it speaks. It is a hint, not the truth: it may come late, twice, out of
/// order, or from somebody else. Whoever acts on it looks at the object.
package struct StoreEvent: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case created
        /// Deleted, expired, or hidden by a delete marker.
        case removed
        /// A copy of an archived object can be read for a while.
        case restored
        /// The store tries whether we listen; it is about no object, and its key may be empty.
        case test
        /// Nothing that we act on, as the store names it.
        case other(String)
    }

    package let dialect: Dialect
    package let kind: Kind
    package let bucket: String
    /// Decoded as the dialect encodes it.
    package let key: String
    /// Bytes.
    package var size: Int64?
    /// Without quotes.
    package var etag: String?
    package var version: String?
    /// Nil where the dialect has none that is an order.
    package var sequencer: Sequencer?
    package var time: Date?

    init(_ dialect: Dialect, _ kind: Kind, bucket: String, key: String) {
        self.dialect = dialect
        self.kind = kind
        self.bucket = bucket
        self.key = key
    }

    /// Without creations that a newer one of the same object has overtaken; else all, in the order in which they came.
    ///
    /// Nothing but a creation overtakes one: not every event says when it was, and a creation that is forgotten is a media that is missed,
    /// while one too many is found out by who looks at the object.
    package static func newest(of events: [StoreEvent]) -> [StoreEvent] {
        var places: [String: Int] = [:]
        var newest: [StoreEvent?] = []
        for event in events {
            if event.kind == .created {
                let object = "\(event.bucket)\n\(event.key)"
                if let place = places[object], let known = newest[place] {
                    if let old = known.sequencer, let new = event.sequencer, new < old { continue }
                    newest[place] = nil
                }
                places[object] = newest.count
            }
            newest.append(event)
        }
        return newest.compactMap(\.self)
    }
}

/// Who speaks.
package enum Dialect: String, Sendable, Hashable {
    case aws, eventBridge, minio, rustfs, ceph, versitygw, seaweedfs
}

extension StoreEvent.Kind: CustomStringConvertible {
    package var description: String {
        switch self {
        case .created: "created"
        case .removed: "removed"
        case .restored: "restored"
        case .test: "test"
        case .other(let name): "other(\(name))"
        }
    }
}
