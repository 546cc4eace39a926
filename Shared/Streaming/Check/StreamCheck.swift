/// The validator: reads a stream's folder, measures every segment, and holds what its playlists say against it.
///
/// The rules come from RFC 8216, from Apple's "HLS authoring specification for Apple devices" (cited as HLS Authoring with the
/// number of the requirement) and from what Millrace itself promises.
package enum StreamCheck {
    package static let rules: [StreamRule] =
        StreamRule.files + StreamRule.playlists + StreamRule.times + StreamRule.keyFrames + StreamRule.variants
        + StreamRule.bandwidths + StreamRule.sounds + StreamRule.subtitles + StreamRule.iFrames + StreamRule.dash

    /// - Parameter folder: with `master.m3u8` and everything that it names; nothing outside of it is read.
    /// - Returns: nothing for a stream that keeps every rule.
    package static func findings(in folder: String, rules: [StreamRule] = rules) -> [Finding] {
        let stream = StreamLoader.load(folder)
        return rules.flatMap { $0.findings(in: stream) }
    }
}
