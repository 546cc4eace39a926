import AV

/// One pass over an original: from its packets to everything that is made at the same time.
///
/// It is a pass over a range of the media's slots; the whole media is one range.
final class Pass {
    private let plan: TranscodePlan
    private let output: JobFolder
    private let encoding: Encoding
    private let limits: SourceLimits
    private let rungs: [Rung]
    private let isFirst: Bool
    /// How long the media is, once it is known: slots of the cadence.
    private(set) var total: Int?

    private var clock: FileClock
    private var timelines: [Int: Timeline] = [:]
    private var pictures: PictureStream?
    private var sounds: [(stream: Int, track: SoundTrack)] = []
    private(set) var stills: Stills?
    private(set) var subtitles: [SubtitleTrack] = []
    /// Seconds at which each stream's last packet ends.
    private var ends: [Int: Double] = [:]
    private var pictureCount = 0

    /// No picture of the planned stream can be decoded.
    struct NoPicture: Error { let stream: Int }

    /// - Parameters:
    ///   - total: what the first pass has found; nil for the first one, which makes sound, stills and text as well.
    init(
        _ plan: TranscodePlan, rungs: [Rung], _ encoding: Encoding, _ limits: SourceLimits, total: Int? = nil,
        into output: JobFolder
    ) {
        self.limits = limits
        self.plan = plan
        self.rungs = rungs
        self.encoding = encoding
        self.total = total
        self.output = output
        clock = FileClock(start: plan.start)
        isFirst = total == nil
    }

    /// - Parameter progress: seconds of the media that are done.
    func run(_ source: borrowing Source, progress: (Double) throws -> Void) throws {
        try prepare(source)
        let packet = try Packet()
        // What a file holds before it is broken can be shown.
        while try source.readOrEnd(into: packet) {
            guard let stream = source.streams.indices.contains(packet.stream) ? source.streams[packet.stream] : nil else {
                continue
            }
            try take(packet, stream)
            try progress(ends.values.max() ?? 0)
        }
        try finish()
    }

    private func prepare(_ source: borrowing Source) throws {
        if let video = plan.video {
            var consumers: [any PictureConsumer] = []
            for rung in rungs { consumers.append(try track(rung, video)) }
            if isFirst, encoding.hasExtras {
                let stills = try Stills(plan, video, colours: encoding.preparation(video).colours, into: output)
                self.stills = stills
                consumers += [stills, try scrubbing(video)]
            }
            pictures = try PictureStream(
                try decoder(of: video.stream, source), tick: video.stream.timeBase.value, cadence: plan.cadence,
                range: 0..<Int.max, preparation: encoding.preparation(video), to: consumers)
        }
        if isFirst {
            for sound in plan.sounds {
                if let track = try track(sound, source) { sounds.append((sound.stream.index, track)) }
            }
            subtitles = plan.subtitles.map(SubtitleTrack.init)
        }
        // The same ones in every pass: a jump of the clock must be where it was in the first.
        let selected = Set(
            plan.sounds.map(\.stream.index) + plan.subtitles.map(\.index) + (plan.video.map { [$0.stream.index] } ?? []))
        source.select(selected)
        for index in selected {
            timelines[index] = Timeline(tick: source.streams[index].timeBase.value, maxGap: encoding.maxGap)
        }
    }

    private func decoder(of stream: MediaStream, _ source: borrowing Source) throws -> Decoder {
        do throws(AVError) { return try Decoder(source, stream: stream.index, threads: encoding.threads) } catch {
            guard error.code == .unreadable else { throw error }
            throw NoPicture(stream: stream.index)
        }
    }

    /// A graphics card encodes for so many at a time, and for no more: what it refuses is done without it.
    private func track(_ rung: Rung, _ video: TranscodePlan.Video) throws(AVError) -> VideoTrack {
        do { return try open(rung, video) } catch {
            guard let other = rung.onProcessor else { throw error }
            return try open(other, video)
        }
    }

    private func open(_ rung: Rung, _ video: TranscodePlan.Video) throws(AVError) -> VideoTrack {
        try VideoTrack(
            encoding.settings(rung, plan.cadence, beside: rungs.count), step: rung.step, cadence: plan.cadence,
            colours: encoding.preparation(video).colours, store: output.store(rung.name))
    }

    /// The folder of the pictures that are shown while a player is wound: about one a second, each a key frame.
    static let trickPlay = "trick"

    private func scrubbing(_ video: TranscodePlan.Video) throws(AVError) -> VideoTrack {
        let step = plan.cadence.trickStep
        let like = video.rungs.first { $0.shortSide <= 432 } ?? video.rungs[video.rungs.count - 1]
        let rung = Rung(encoder: .x264, width: like.width, height: like.height, step: step, maxBitRate: like.maxBitRate)
        var settings = encoding.settings(rung, plan.cadence, beside: rungs.count)
        settings.keyInterval = 1
        return try VideoTrack(
            settings, step: step, cadence: plan.cadence, colours: encoding.preparation(video).colours,
            store: output.store(Self.trickPlay))
    }

    /// - Returns: nil where its decoder does not like its header.
    private func track(_ sound: TranscodePlan.Sound, _ source: borrowing Source) throws(AVError) -> SoundTrack? {
        let decoder: Decoder
        do throws(AVError) { decoder = try Decoder(source, stream: sound.stream.index) } catch {
            guard error.code == .unreadable else { throw error }
            return nil
        }
        return try SoundTrack(
            decoder, tick: sound.stream.timeBase, encoding.sound, segmentSeconds: plan.cadence.segmentSeconds,
            store: output.store(sound.name))
    }

    private func take(_ packet: borrowing Packet, _ stream: MediaStream) throws(AVError) {
        guard var timeline = timelines[stream.index] else { return }
        packet.shift(
            by: timeline.shift(time: packet.decodingTime ?? packet.time, duration: packet.duration, by: &clock))
        timelines[stream.index] = timeline
        if let time = packet.time ?? packet.decodingTime {
            let tick = stream.timeBase.value
            let duration =
                packet.duration > 0 ? Double(packet.duration) * tick : stream.kind == .video ? plan.cadence.seconds(1) : 0
            let end = Double(time) * tick + duration
            // Whatever the file says of its length: what is shown until this time would have to be made. Text may stand for ever.
            if stream.kind == .video || stream.kind == .audio {
                try limits.check(duration: end)
                ends[stream.index] = max(ends[stream.index] ?? 0, end)
            }
        }
        if stream.index == plan.video?.stream.index {
            pictureCount += 1
            try limits.check(frames: pictureCount)
            try pictures?.decode(packet)
        } else if let sound = sounds.first(where: { $0.stream == stream.index }) {
            try sound.track.decode(packet)
            try limits.check(duration: sound.track.seconds)
        } else if let index = subtitles.firstIndex(where: { $0.stream.index == stream.index }) {
            subtitles[index].take(packet)
        }
    }

    /// Pictures and sound end together: with the one that ends last.
    private func finish() throws {
        for sound in sounds { try sound.track.drain() }
        try pictures?.drain()
        if let video = plan.video, pictures?.hasPictures != true { throw NoPicture(stream: video.stream.index) }
        try pictures?.finish { self.total ?? self.decideTotal() }
        let slots = total ?? decideTotal()
        total = slots
        if isFirst, plan.video == nil, !sounds.contains(where: { $0.track.hasSound }) {
            throw AVError(.unreadable, "no picture and no sound could be decoded")
        }
        for sound in sounds { try sound.track.finish(seconds: plan.cadence.seconds(slots)) }
    }

    private func decideTotal() -> Int {
        let shown = plan.video.map { plan.cadence.slot(at: ends[$0.stream.index] ?? 0) } ?? 0
        let heard = sounds.map { $0.track.seconds }.max() ?? 0
        // What an encoder of sound adds to fill its last frame is no reason to show the last picture again.
        let isLonger = heard - plan.cadence.seconds(shown) > Self.tail
        let slots = max(1, isLonger ? Int((heard * plan.cadence.rate.value).rounded(.up)) : shown)
        // So that the last picture of every rendition ends there.
        let step = plan.cadence.calmStep
        let whole = (slots + step - 1) / step * step
        total = whole
        return whole
    }

    /// Seconds: more than an encoder adds, less than what renditions may differ by.
    private static let tail = 0.08
}
