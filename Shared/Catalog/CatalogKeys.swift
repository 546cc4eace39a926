package import Events

/// The names of state keys and indexes, without the prefix and hash tag that the bus adds. Ids stand in them in their compact form,
/// and as members of indexes too: with ten million media every byte counts.
package enum CatalogKeys {
    /// Holds the record of a media in flight, or the summary of a finished one.
    package static func media(_ id: MediaID) -> String { "media:\(id.compact)" }

    /// What ingest-listener has answered for the media, so that it does not judge its original again.
    package static func ingested(_ id: MediaID) -> String { "ingested:\(id.compact)" }

    /// The media of a project in one status. All scores are 0, so that members are ordered by id, which is by time.
    package static func project(_ project: ProjectID, _ status: MediaStatus) -> String {
        "project:\(project):\(status.rawValue)"
    }

    /// Every media in flight, scored by its deadline in milliseconds since 1970.
    package static let deadlines = "deadlines"
}
