/// A video or a sound waits for its transcode step. It goes out together with `media.ingested`, and says the same.
package struct TranscodeRequested: Event, Hashable {
    package static let name = "transcode.requested"
    package static let stream = Stream.mediaTranscode

    package let media: MediaIngested
    package var mediaId: MediaID { media.mediaId }

    package init(_ media: MediaIngested) { self.media = media }

    package init(from decoder: any Decoder) throws { media = try MediaIngested(from: decoder) }

    package func encode(to encoder: any Encoder) throws { try media.encode(to: encoder) }
}
