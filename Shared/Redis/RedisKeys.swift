/// The names of everything that Millrace keeps in Redis.
///
/// Each begins with the hash tag of its partition, so that one script may touch every key of a partition and the
/// partitions may be spread over the nodes of a Redis Cluster.
package enum RedisKeys {
    /// How many partitions there may be: on a cluster a process waits for each of them on a thread of its own.
    package static let partitions = 1...64

    package static func tag(_ partition: Int) -> String { "{mr:\(partition)}" }

    /// HASH: `v` the version, `d` the value.
    package static func state(_ partition: Int, _ key: String) -> String { "\(tag(partition)):state:\(key)" }
    /// ZSET: members by score, equal scores by the members' bytes.
    package static func index(_ partition: Int, _ name: String) -> String { "\(tag(partition)):index:\(name)" }
    /// STREAM: entries with the fields `event` and `attempt`. Each lane is a stream of its own.
    package static func stream(_ partition: Int, _ stream: String, lane: Int = 0) -> String {
        "\(tag(partition)):stream:\(stream)" + (lane == 0 ? "" : ":lane.\(lane)")
    }
    /// HASH: by the entries of a stream (its key), which groups have acknowledged those that others still need. The scripts spell
    /// it themselves.
    package static func acks(of stream: String) -> String { stream + ":acks" }
    /// STREAM: what one group tries again.
    package static func retry(_ partition: Int, _ stream: String, group: String) -> String {
        "\(tag(partition)):stream:\(stream):retry.\(group)"
    }
    /// ZSET: retries that are not due yet, by their time in milliseconds.
    package static func delayed(_ partition: Int) -> String { "\(tag(partition)):delayed" }
    /// Never there. Every run of a script names it among its keys: so while the partition's slot is on its way to another node
    /// of a cluster, both nodes see a key missing and refuse (`TRYAGAIN`), instead of working on the half that they have.
    package static func absent(besideKey key: String) -> String { key.prefix { $0 != "}" } + "}:absent" }
    /// STREAM: what one group has given up.
    package static func dead(_ partition: Int, group: String) -> String { "\(tag(partition)):dead.\(group)" }
}
