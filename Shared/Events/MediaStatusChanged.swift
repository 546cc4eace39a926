package import FoundationEssentials

/// A media's status changed: one event for each `revision`. It is also the answer of `GET …/status` and, with links
/// in place of keys, the body of a webhook.
package struct MediaStatusChanged: Event, Hashable {
    package static let name = "media.status"
    package static let stream = Stream.mediaStatus

    package let mediaId: MediaID
    package let projectId: ProjectID
    package var status: MediaStatus
    /// Rises by one with every change of status.
    package var revision: Int
    /// Finished share of the plan, from 0 to 1.
    package var progress: Double
    package var fileName: String
    package var kind: MediaKind?
    package var width: Int?
    package var height: Int?
    package var blurhash: String?
    package var thumbhash: String?
    package var processed: Processed
    package var warnings: [MediaWarning]
    package var error: MediaError?
    package var changedAt: Date

    package init(
        mediaId: MediaID, projectId: ProjectID, status: MediaStatus, revision: Int, progress: Double, fileName: String,
        kind: MediaKind? = nil, width: Int? = nil, height: Int? = nil, blurhash: String? = nil, thumbhash: String? = nil,
        processed: Processed = Processed(), warnings: [MediaWarning] = [], error: MediaError? = nil, changedAt: Date
    ) {
        self.mediaId = mediaId
        self.projectId = projectId
        self.status = status
        self.revision = revision
        self.progress = progress
        self.fileName = fileName
        self.kind = kind
        self.width = width
        self.height = height
        self.blurhash = blurhash
        self.thumbhash = thumbhash
        self.processed = processed
        self.warnings = warnings
        self.error = error
        self.changedAt = changedAt
    }

    /// The same for people: every key becomes a URL below `publicURL` (which has no trailing slash).
    package func linked(publicURL: String) -> MediaStatusChanged {
        var copy = self
        copy.processed = processed.linked(publicURL: publicURL)
        return copy
    }
}

/// What can be shown of a media. `poster`, `hls`, `dash` and `sprites` are keys on the bus and URLs for people.
package struct Processed: Codable, Hashable, Sendable {
    /// A `data:` URI.
    package var lqip: String?
    package var poster: String?
    package var hls: String?
    package var dash: String?
    /// WebVTT that leads to pictures for previews while hovering over a time line.
    package var sprites: String?
    package var thumbnails: [Variant]

    package init(
        lqip: String? = nil, poster: String? = nil, hls: String? = nil, dash: String? = nil, sprites: String? = nil,
        thumbnails: [Variant] = []
    ) {
        self.lqip = lqip
        self.poster = poster
        self.hls = hls
        self.dash = dash
        self.sprites = sprites
        self.thumbnails = thumbnails
    }

    /// What there is of a media by the results of its steps.
    package init(_ variants: VariantsResult?, _ transcode: TranscodeResult?) {
        self.init(
            lqip: variants?.lqip, poster: transcode?.poster, hls: transcode?.hls, dash: transcode?.dash,
            sprites: transcode?.sprites, thumbnails: variants?.thumbnails ?? transcode?.thumbnails ?? [])
    }

    func linked(publicURL: String) -> Processed {
        let link = { (key: String) in "\(publicURL)/files/\(key)" }
        let thumbnails = thumbnails.map { variant in
            var copy = variant
            copy.url = link(variant.key)
            return copy
        }
        return Processed(
            lqip: lqip, poster: poster.map(link), hls: hls.map(link), dash: dash.map(link), sprites: sprites.map(link),
            thumbnails: thumbnails)
    }
}
